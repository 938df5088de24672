using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="CallGauges"/>.</summary>
public sealed record CallGaugesOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether duration and tokens per call are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.03;
}

/// <summary>
/// An agent's calls take longer, or cost more tokens each, than usual: a backend that is being exhausted, a prompt that grew, a model that talks in circles.
/// </summary>
/// <remarks>
/// Each call is compared with what is usual of its tool over all agents of the partition (<see cref="ToolLevels"/>), because tools differ a hundredfold;
/// what is left is compared with what is usual of this agent (<see cref="GaugeBaseline"/>). Far simpler than the scorer of series, whose 10 KB an agent would be
/// too much. What that costs: no rhythm of day or week, no shapes, and only what is higher than usual. Scored when a window closes.
/// </remarks>
internal sealed class CallGauges(CallGaugesOptions options, FingerprintCache names) : Detector(
    "call-gauges",
    options.BudgetShare,
    new Feature("duration_ms_per_call", "ms per call"),
    new Feature("tokens_per_call", "tokens per call"))
{
    // Two gauges, each with its minute and its longer while. Not every minute has calls, and longer whiles overlap: this bounds the trials.
    private const double TrialsPerDay = 2 * 2 * 24 * 60;

    private readonly FingerprintCache _names = names;
    private readonly ToolLevels _durations = new();
    private readonly ToolLevels _tokens = new();

    public override string Family => "gauges";

    public override Baseline CreateBaseline(string agentId) => new Memory(this);

    public override string Explain(in Finding finding) => Sentence.Of(
        $"{finding.Observed:0} {Features[finding.Feature].Unit}; usual is at most {finding.ExpectedHigh:0}");

    public override void Save(MemoryWriter writer)
    {
        _durations.Save(writer);
        _tokens.Save(writer);
    }

    public override void Load(ref MemoryReader reader)
    {
        _durations.Load(ref reader);
        _tokens.Load(ref reader);
    }

    /// <summary>What is known of one agent: 280 bytes.</summary>
    private sealed class Memory(CallGauges owner) : Baseline
    {
        private GaugeBaseline _durations;
        private GaugeBaseline _tokens;

        public override void Learn(ToolCall call, LearningGate gate)
        {
            if (call.Kind != CallKind.ToolCall)
            {
                return;
            }

            var tool = owner._names.ToolOf(call);
            var minute = Bounded(call.Time.UtcTicks / TimeSpan.TicksPerMinute);
            Count(ref _durations, owner._durations, call.DurationMs, tool, minute, gate);
            Count(ref _tokens, owner._tokens, call.Tokens, tool, minute, gate);
        }

        public override Finding Score(AgentWindow window) =>
            Finding.Max(_durations.Score(0, Bounded(window.Minute), TrialsPerDay), _tokens.Score(1, Bounded(window.Minute), TrialsPerDay));

        public override void Learn(AgentWindow window, LearningGate gate)
        {
            _durations.Learn(Bounded(window.Minute), gate);
            _tokens.Learn(Bounded(window.Minute), gate);
        }

        public override void Save(MemoryWriter writer)
        {
            _durations.Save(writer);
            _tokens.Save(writer);
        }

        public override void Load(ref MemoryReader reader)
        {
            _durations.Load(ref reader);
            _tokens.Load(ref reader);
        }

        // Minutes are kept in 32 bits: the last one is in the year 4083.
        private static int Bounded(long minute) => (int)Math.Min(minute, int.MaxValue);

        // A call that does not tell the quantity, or whose tool is not known yet, says nothing.
        private static void Count(ref GaugeBaseline baseline, ToolLevels levels, double? value, ulong tool, int minute, LearningGate gate)
        {
            if (value is not >= 0)
            {
                return;
            }

            var log = Math.Log(1 + value.Value);
            if (levels.Of(tool) is { } usual)
            {
                baseline.Count(minute, log, usual);
            }

            if (gate == LearningGate.Open)
            {
                levels.Add(tool, log);
            }
        }
    }
}
