using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="DeclaredScope"/>.</summary>
public sealed record DeclaredScopeOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether calls outside of an agent's declared scope, and high-impact actions without an approval, are evidence.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.01;

    /// <summary>How much a call outside of the declared scope weighs, as a return period in days.</summary>
    [Description("How much a call outside of the declared scope weighs: as much as something that happens once in so many days.")]
    [Range(1.0, 1e12)]
    public double OutsideReturnPeriodDays { get; init; } = 10_000;

    /// <summary>Whether high-impact actions need an approval.</summary>
    [Description("Whether a high-impact action without approval_id is evidence. Off until your gateways write approval ids.")]
    public bool RequireApproval { get; init; }

    /// <summary>How much a high-impact action without an approval weighs, as a return period in days.</summary>
    [Description("How much a high-impact action without an approval weighs: as much as something that happens once in so many days.")]
    [Range(1.0, 1e12)]
    public double UnapprovedReturnPeriodDays { get; init; } = 100_000;

    /// <summary>What counts as a high-impact action, by name.</summary>
    [Description("What counts as a high-impact action.")]
    public Dictionary<string, HighImpactOptions> HighImpact { get; init; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bulk-export"] = new() { Tools = ["*export*", "*download*", "*dump*"], MinRecords = 1000 },
        ["permission-change"] = new() { Tools = ["*grant*", "*permission*"], Actions = [ToolAction.Admin] },
        ["deploy"] = new() { Tools = ["*deploy*", "*release*"] },
        ["payment"] = new() { Tools = ["*payment*", "*payout*", "*transfer_money*", "*refund*"] },
    };
}

/// <summary>One kind of high-impact action: a call that fits a tool or an action and is large enough.</summary>
public sealed record HighImpactOptions
{
    /// <summary>Tools, as globs.</summary>
    [Description("Tools; * stands for any text.")]
    public string[] Tools { get; init; } = [];

    /// <summary>Actions.</summary>
    [Description("Actions.")]
    public ToolAction[] Actions { get; init; } = [];

    /// <summary>Least number of records; 0 when the size does not matter.</summary>
    [Description("Least number of records; 0 when the size does not matter.")]
    [Range(0.0, 1e12)]
    public double MinRecords { get; init; }
}

/// <summary>
/// What an agent does outside of what it was declared for, and high-impact actions that nobody approved.
/// </summary>
/// <remarks>
/// A rule, not a statistic: what is outside is not rare but forbidden. So that it can be weighed together with everything else it speaks
/// with a fixed return period, and three decades more for a thousand times within a minute. It learns nothing.
/// </remarks>
internal sealed class DeclaredScope : Detector
{
    private const int OutsideTool = 0;
    private const int OutsideResource = 1;
    private const int OutsideAction = 2;
    private const int FirstRule = 3;

    private readonly HighImpactOptions[] _rules;
    private readonly double _logOutside;
    private readonly double _logUnapproved;
    private readonly AnswerCache _answers = new();
    private AgentRegistry _registry;

    public DeclaredScope(DeclaredScopeOptions options, AgentRegistry registry)
        : base("declared-scope", options.BudgetShare, FeaturesOf(options))
    {
        _registry = registry;
        _rules = options.RequireApproval ? [.. Rules(options).Select(r => r.Value)] : [];
        _logOutside = Math.Log10(options.OutsideReturnPeriodDays);
        _logUnapproved = Math.Log10(options.UnapprovedReturnPeriodDays);
    }

    public override string Family => "scope";

    public override Baseline CreateBaseline(string agentId) => new Check(this, agentId);

    public override void Declare(AgentRegistry registry) => _registry = registry;

    public override string Explain(in Finding finding) => finding.Feature switch
    {
        OutsideTool => $"called {finding.Dimension}, a tool outside of its declared scope",
        OutsideResource => $"touched {finding.Dimension}, a resource outside of its declared scope",
        OutsideAction => $"took the action {finding.Dimension}, which its declared scope does not have",
        _ => $"called {finding.Dimension} without an approval: {Features[finding.Feature].Unit}",
    };

    private static Feature[] FeaturesOf(DeclaredScopeOptions options) =>
    [
        new("undeclared_tools", "calls of tools outside of the declared scope"),
        new("undeclared_resources", "calls on resources outside of the declared scope"),
        new("undeclared_actions", "actions outside of the declared scope"),
        .. Rules(options).Select(r => new Feature($"unapproved_{Snake(r.Key)}", $"{r.Key} needs one")),
    ];

    private static IEnumerable<KeyValuePair<string, HighImpactOptions>> Rules(DeclaredScopeOptions options) =>
        options.HighImpact.OrderBy(r => r.Key, StringComparer.Ordinal);

    private static string Snake(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));

    private static string NameOf(ToolAction action) => action switch
    {
        ToolAction.Read => "read",
        ToolAction.Write => "write",
        ToolAction.Delete => "delete",
        ToolAction.Execute => "execute",
        ToolAction.Send => "send",
        ToolAction.Admin => "admin",
        _ => "unknown",
    };

    /// <summary>What is declared of one agent, and how often it was disregarded within the latest minute.</summary>
    private sealed class Check(DeclaredScope detector, string agentId) : Baseline
    {
        private const double MostMore = 3;

        // More than one minute can hold: saved memory that tells of more is damaged.
        private const int MostCalls = 50_000_000;

        // What the scope was looked up in; a registry never changes, a changed one is another.
        private AgentRegistry? _registry;
        private AgentScope? _scope;
        private long _minute;
        private int _times;

        private AgentScope? Scope
        {
            get
            {
                if (!ReferenceEquals(_registry, detector._registry))
                {
                    _registry = detector._registry;
                    _scope = _registry.Find(agentId)?.Scope;
                }

                return _scope;
            }
        }

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            if (call.Kind != CallKind.ToolCall)
            {
                return Finding.None;
            }

            var times = 1 + (window.Minute == _minute ? _times : 0);
            var (rule, outside) = (RuleOf(call), Outside(call));
            if (outside.What is null)
            {
                return rule < 0 ? Finding.None : Say(FirstRule + rule, detector._logUnapproved, times, call.Tool);
            }

            var finding = Say(outside.Feature, detector._logOutside, times, outside.What);
            return rule < 0 ? finding : Finding.Max(Say(FirstRule + rule, detector._logUnapproved, times, call.Tool), finding);
        }

        public override void Learn(ToolCall call, LearningGate gate)
        {
            // Not knowledge but a count within a minute: it goes on whatever may be learned.
            if (call.Kind != CallKind.ToolCall || (RuleOf(call) < 0 && Outside(call).What is null))
            {
                return;
            }

            var minute = call.Time.UtcTicks / TimeSpan.TicksPerMinute;
            if (minute > _minute)
            {
                (_minute, _times) = (minute, 0);
            }

            _times = minute == _minute ? Math.Min(_times + 1, MostCalls) : _times;
        }

        public override void Save(MemoryWriter writer)
        {
            writer.WriteVariable((ulong)_minute);
            writer.WriteVariable((ulong)_times);
        }

        public override void Load(ref MemoryReader reader)
        {
            _minute = reader.ReadUnits(TimeSpan.TicksPerMinute);
            _times = (int)reader.ReadUpTo(MostCalls);
        }

        private static Finding Say(int feature, double logReturnPeriod, int times, string dimension)
        {
            var log = logReturnPeriod + Math.Min(Math.Log10(times), MostMore);
            return new Finding(feature, log, log, times, 0, 0, dimension);
        }

        /// <summary>The rule that wants an approval which a call does not have; −1 when there is none.</summary>
        private int RuleOf(ToolCall call)
        {
            for (var i = 0; i < detector._rules.Length && call.ApprovalId is null; i++)
            {
                var rule = detector._rules[i];
                if ((call.Records ?? 0) >= rule.MinRecords
                    && (Array.IndexOf(rule.Actions, call.Action) >= 0 || detector._answers.Matches(rule.Tools, call.Tool)))
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>What of a call is outside of what was declared of its agent; null when nothing is.</summary>
        private (int Feature, string? What) Outside(ToolCall call)
        {
            if (Scope is not { } declared)
            {
                return default;
            }

            if (declared.Tools.Count > 0 && !detector._answers.Matches(declared.Tools, call.Tool))
            {
                return (OutsideTool, call.Tool);
            }

            if (declared.Actions.Count > 0 && call.Action != ToolAction.Unknown && !Glob.MatchesAny(declared.Actions, NameOf(call.Action)))
            {
                return (OutsideAction, NameOf(call.Action));
            }

            if (declared.Resources.Count > 0)
            {
                foreach (var resource in call.Resources)
                {
                    if (!detector._answers.Matches(declared.Resources, resource))
                    {
                        return (OutsideResource, resource);
                    }
                }
            }

            return default;
        }
    }

    /// <summary>Answers by the identity of patterns and text: the decoder gives a name that repeats as the same string. Never changes an answer.</summary>
    private sealed class AnswerCache
    {
        private const int Size = 512;

        private readonly (IReadOnlyList<string>? Patterns, string? Text, bool Answer)[] _entries = new (IReadOnlyList<string>?, string?, bool)[Size];

        public bool Matches(IReadOnlyList<string> patterns, string text)
        {
            var hash = RuntimeHelpers.GetHashCode(text) ^ (RuntimeHelpers.GetHashCode(patterns) * 31);
            ref var entry = ref _entries[hash & (Size - 1)];
            if (!ReferenceEquals(entry.Text, text) || !ReferenceEquals(entry.Patterns, patterns))
            {
                entry = (patterns, text, Glob.MatchesAny(patterns, text));
            }

            return entry.Answer;
        }
    }
}
