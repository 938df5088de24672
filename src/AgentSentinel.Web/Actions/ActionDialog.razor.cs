using AgentSentinel.Core.Response;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Radzen;

namespace AgentSentinel.Web.Actions;

/// <summary>Asks for a reason and shows what will happen, before it happens.</summary>
public sealed partial class ActionDialog : ComponentBase
{
    private const int ShortestReason = 3;

    private SuspensionTarget _part;
    private Verdict? _verdict;
    private string _reason = "";
    private string? _error;
    private bool _isSending;

    /// <summary>What it is about.</summary>
    [Parameter, EditorRequired]
    public ActionCase Case { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private ICommandDesk Desk { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    /// <summary>The action in one word.</summary>
    public static string VerbOf(OperatorCommandKind kind) => kind switch
    {
        OperatorCommandKind.Verdict => "Give verdict",
        _ => kind.ToString(),
    };

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        _part = Case.Parts.Count > 0 ? Case.Parts[0] : default;
        _verdict = Case.Kind == OperatorCommandKind.Verdict ? Verdict.Justified : null;
    }

    private string Verb => Case.Kind == OperatorCommandKind.Suspend && Case.Parts.Count > 0 && _part.Kind != SuspensionTargetKind.Agent
        ? $"Suspend the {Text.Words.Target(_part.Kind)}"
        : VerbOf(Case.Kind);

    private async Task SendAsync()
    {
        // A second Enter while the first is on its way is one too many.
        if (_isSending)
        {
            return;
        }

        if (_reason.Trim().Length < ShortestReason)
        {
            _error = "Say why, in a few words.";
            return;
        }

        (_isSending, _error) = (true, null);
        var order = new CommandOrder(Case.Kind, Case.Target) { Verdict = _verdict, Part = Case.Parts.Count > 0 && _part.Kind != SuspensionTargetKind.Agent ? _part : null };
        _error = await Desk.SendAsync((await Authentication).User, order, _reason.Trim(), CancellationToken.None);
        _isSending = false;
        if (_error is null)
        {
            Dialogs.Close(true);
        }
    }
}
