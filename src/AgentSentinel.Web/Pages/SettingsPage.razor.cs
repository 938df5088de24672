using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Response.Policy;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using Microsoft.AspNetCore.Components;

namespace AgentSentinel.Web.Pages;

/// <summary>What the service was told: options, policy, detectors. Secrets are masked.</summary>
public sealed partial class SettingsPage : ComponentBase
{
    private IReadOnlyList<OptionsRow> _rows = [];
    private IReadOnlyList<Detector> _detectors = [];
    private string _contains = "";
    private bool _onlyChanged;

    [Inject]
    private SentinelOptions Options { get; set; } = null!;

    [Inject]
    private DeclarationSet Declarations { get; set; } = null!;

    private ResponsePolicy Policy => Declarations.Policy ?? ResponsePolicy.BuiltIn(Options.Response.Suspension.SuspendAt);

    private IEnumerable<OptionsRow> Shown => _rows.Where(row =>
        (!_onlyChanged || row.Value != row.Default)
        && (_contains.Length == 0 || row.Key.Contains(_contains, StringComparison.OrdinalIgnoreCase) || row.Description.Contains(_contains, StringComparison.OrdinalIgnoreCase)));

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        _rows = OptionsDocument.Describe(Options);
        _detectors = [.. LineDetectors.Create(Options, Declarations)];
    }

    private static string Conditions(PolicyConditions when)
    {
        var parts = new List<string>();
        Add(when.Severity is not null, () => $"severity {when.Severity} or more");
        Add(when.Risk is not null, () => FormattableString.Invariant($"risk {when.Risk} or more"));
        Add(when.Sensitivity is not null, () => $"touched {when.Sensitivity} or more");
        Add(when.Detectors.Count > 0, () => $"found by {string.Join(" or ", when.Detectors)}");
        Add(when.Agents.Count > 0, () => $"agent {string.Join(" or ", when.Agents)}");
        Add(when.Groups.Count > 0, () => $"group {string.Join(" or ", when.Groups)}");
        return parts.Count == 0 ? "always" : string.Join(", ", parts);

        void Add(bool isSaid, Func<string> words)
        {
            if (isSaid)
            {
                parts.Add(words());
            }
        }
    }

    private static string Spaced(string pascal) => string.Concat(pascal.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
}
