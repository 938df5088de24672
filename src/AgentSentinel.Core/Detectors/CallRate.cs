using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="CallRate"/>.</summary>
public sealed record CallRateOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether numbers of calls are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.49;

    /// <summary>How long an agent must be known before its numbers of calls are scored.</summary>
    [Description("How long an agent must be known before its numbers of calls are scored.")]
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromDays(2);
}

/// <summary>
/// More calls than this agent makes at this hour of the week, within 1, 10 or 60 minutes.
/// </summary>
/// <remarks>
/// Counts are negative binomial: the mean comes from the agent's <see cref="WeeklyRhythm"/>, the dispersion from its own history
/// of such spans, because agents work in sessions and their counts vary more than a Poisson count would.
/// The last minute of each span may still be open: a count can only grow, so the tail probability of reaching the present
/// count in a <em>whole</em> span is an upper bound of the final one, and an alarm need not wait for the end of the minute.
/// </remarks>
internal sealed class CallRate(CallRateOptions options) : Detector(
    "call-rate",
    options.BudgetShare,
    new Feature("calls_per_1_minute", "calls in 1 minute"),
    new Feature("calls_per_10_minutes", "calls in 10 minutes"),
    new Feature("calls_per_60_minutes", "calls in 60 minutes"))
{
    // Added to every mean: what was seen of an agent never proves that it makes no calls at all at an hour.
    private const double LeastExpected = 0.02;

    private static readonly int[] Spans = [1, 10, 60];

    public override string Family => "volume";

    public override Baseline CreateBaseline(string agentId) => new Memory(options.WarmUp);

    public override string Explain(in Finding finding) => Sentence.Of(
        $"{finding.Observed:0} calls within {(Spans[finding.Feature] == 1 ? "a minute" : Sentence.Of($"{Spans[finding.Feature]} minutes"))}; usual is at most {finding.ExpectedHigh:0} at this hour of the week");

    /// <summary>What is known of one agent: about 1.4 KB.</summary>
    private sealed class Memory : Baseline
    {
        // A span begins with every minute, and neighbouring spans mostly overlap: about four independent trials per length.
        private static readonly double[] TrialsPerDay = [.. Spans.Select(s => Spans.Length * 1440.0 * Math.Min(1, 4.0 / s))];

        private readonly TimeSpan _warmUp;
        private readonly TrailingCounts _counts = new();
        private readonly WeeklyRhythm _rhythm = new();
        private readonly Dispersion[] _dispersions = [.. Spans.Select(s => new Dispersion(s))];
        private DateTimeOffset _firstSeen = DateTimeOffset.MaxValue;

        public Memory(TimeSpan warmUp) => _warmUp = warmUp;

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            if (call.Kind != CallKind.ToolCall || call.Time - _warmUp < _firstSeen)
            {
                return Finding.None;
            }

            var worst = Finding.None;
            var minute = window.Minute;
            for (var i = 0; i < Spans.Length; i++)
            {
                // The window already counts this call, the trailing counts do not yet.
                var calls = _counts.Sum(minute, Spans[i]) + 1;
                var expected = _rhythm.Expected(minute, Spans[i]) + LeastExpected;
                if (calls > expected)
                {
                    worst = Finding.Max(worst, Rate(i, calls, expected));
                }
            }

            return worst;
        }

        public override void Learn(ToolCall call, LearningGate gate)
        {
            if (call.Kind != CallKind.ToolCall)
            {
                return;
            }

            var minute = call.Time.UtcTicks / TimeSpan.TicksPerMinute;
            _firstSeen = call.Time < _firstSeen ? call.Time : _firstSeen;
            if (minute > _counts.Newest)
            {
                if (gate != LearningGate.Frozen)
                {
                    LearnUpTo(minute);
                }

                _counts.MoveTo(minute);
            }

            _counts.Add(minute);
            if (gate == LearningGate.Open)
            {
                _rhythm.Add(minute);
            }
        }

        public override ExpectedRange? ExpectedCalls(AgentWindow window) =>
            window.Start - _warmUp < _firstSeen ? null : Usual(0, _rhythm.Expected(window.Minute, 1) + LeastExpected);

        public override void Save(MemoryWriter writer)
        {
            writer.WriteTime(_firstSeen);
            _counts.Save(writer);
            _rhythm.Save(writer);
            foreach (var dispersion in _dispersions)
            {
                dispersion.Save(writer);
            }
        }

        public override void Load(ref MemoryReader reader)
        {
            _firstSeen = reader.ReadTime();
            _counts.Load(ref reader);
            _rhythm.Load(ref reader);
            foreach (var dispersion in _dispersions)
            {
                dispersion.Load(ref reader);
            }
        }

        private Finding Rate(int span, int calls, double expected)
        {
            var spread = _dispersions[span].At(expected);
            var surprisal = NegativeBinomial.Surprisal(calls, expected, spread);
            var usual = Usual(span, expected);
            return Finding.OfTrials(span, surprisal, TrialsPerDay[span], calls, usual.Low, usual.High);
        }

        private ExpectedRange Usual(int span, double expected)
        {
            var spread = _dispersions[span].At(expected);
            var deviation = Math.Sqrt(expected + (spread * expected * expected));
            return new ExpectedRange(Math.Max(0, expected - (2 * deviation)), expected + (3 * deviation));
        }

        // Everything before the given minute is complete as far as this agent's own calls tell.
        private void LearnUpTo(long minute)
        {
            foreach (var dispersion in _dispersions)
            {
                dispersion.LearnUpTo(minute, _counts, _rhythm);
            }

            _rhythm.MoveTo(minute);
        }
    }
}
