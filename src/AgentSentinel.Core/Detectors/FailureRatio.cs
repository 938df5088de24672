using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="FailureRatio"/>.</summary>
public sealed record FailureRatioOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether ratios of failed and denied calls are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.1;
}

/// <summary>
/// More of an agent's calls fail or are denied than usual: an agent in a loop, probing what it may not touch, or cut off.
/// </summary>
/// <remarks>
/// Failures among the calls of the last ten minutes are beta-binomial: a binomial whose ratio varies from one episode to the
/// next. Its mean is the agent's decayed ratio; its concentration is bounded, because failures come in clusters and a long
/// history must not make the model believe in a fixed ratio. Scored when a window closes: within an open one a ratio may still fall.
/// </remarks>
internal sealed class FailureRatio(FailureRatioOptions options) : Detector(
    "failure-ratio",
    options.BudgetShare,
    new Feature("errors_per_10_minutes", "failed calls in 10 minutes"),
    new Feature("denials_per_10_minutes", "denied calls in 10 minutes"))
{
    private const int Span = 10;
    private const double Concentration = 40;

    // What an agent is believed to fail at before anything is known of it: one call in fifty, worth fifty calls.
    private const double PriorRatio = 0.02;
    private const double PriorCalls = 50;

    // Weight of the past after each further call: a memory of about a thousand calls.
    private const double Keep = 0.999;

    // Two features share the budget, and the ten-minute spans overlap; one trial per minute bounds both.
    private const double TrialsPerDay = 2 * 24 * 60;

    // More than one minute can hold: saved memory that tells of more is damaged.
    private const int MostCalls = 50_000_000;

    public override string Family => "failures";

    public override Baseline CreateBaseline(string agentId) => new Memory();

    public override string Explain(in Finding finding) => Sentence.Of(
        $"{finding.Observed:0} calls {(finding.Feature == 0 ? "failed" : "were denied")} within 10 minutes; usual is at most {finding.ExpectedHigh:0.#} of as many");

    /// <summary>What is known of one agent: about 220 bytes.</summary>
    private sealed class Memory : Baseline
    {
        private readonly (long Minute, int Calls, int Errors, int Denials)[] _recent = new (long, int, int, int)[Span];
        private double _calls;
        private double _errors;
        private double _denials;

        public override Finding Score(AgentWindow window)
        {
            if (window.Errors + window.Denials == 0)
            {
                return Finding.None;
            }

            var newest = window.Minute;
            var (calls, errors, denials) = (window.Calls, window.Errors, window.Denials);
            foreach (var past in _recent)
            {
                if (past.Minute > newest - Span && past.Minute < newest)
                {
                    calls += past.Calls;
                    errors += past.Errors;
                    denials += past.Denials;
                }
            }

            return Finding.Max(Rate(0, errors, calls, _errors), Rate(1, denials, calls, _denials));
        }

        public override void Learn(AgentWindow window, LearningGate gate)
        {
            var minute = window.Minute;
            _recent[minute % Span] = (minute, window.Calls, window.Errors, window.Denials);
            if (gate != LearningGate.Open || window.Calls == 0)
            {
                return;
            }

            var keep = Math.Pow(Keep, window.Calls);
            _calls = (_calls * keep) + window.Calls;
            _errors = (_errors * keep) + window.Errors;
            _denials = (_denials * keep) + window.Denials;
        }

        public override void Save(MemoryWriter writer)
        {
            foreach (var (minute, calls, errors, denials) in _recent)
            {
                writer.WriteVariable((ulong)minute);
                writer.WriteVariable((ulong)calls);
                writer.WriteVariable((ulong)errors);
                writer.WriteVariable((ulong)denials);
            }

            writer.WriteDouble(_calls);
            writer.WriteDouble(_errors);
            writer.WriteDouble(_denials);
        }

        public override void Load(ref MemoryReader reader)
        {
            for (var i = 0; i < Span; i++)
            {
                var minute = reader.ReadUnits(TimeSpan.TicksPerMinute);
                var calls = (int)reader.ReadUpTo(MostCalls);
                var errors = (int)reader.ReadUpTo(calls);
                _recent[i] = (minute, calls, errors, (int)reader.ReadUpTo(calls - errors));
            }

            // A ratio may be 1 up to rounding, but not more.
            _calls = reader.ReadWithin(0, MostCalls / (1 - Keep));
            _errors = reader.ReadWithin(0, _calls + 1);
            _denials = reader.ReadWithin(0, _calls + 1);
        }

        private Finding Rate(int feature, int failed, int calls, double failedBefore)
        {
            var ratio = (failedBefore + (PriorRatio * PriorCalls)) / (_calls + PriorCalls);
            if (failed <= ratio * calls)
            {
                return Finding.None;
            }

            var concentration = Math.Min(_calls + PriorCalls, Concentration);
            var (alpha, beta) = (ratio * concentration, (1 - ratio) * concentration);
            var surprisal = -BetaBinomial.LogUpperTail(failed, calls, alpha, beta) / Math.Log(10);
            var variance = calls * ratio * (1 - ratio) * (concentration + calls) / (concentration + 1);
            return Finding.OfTrials(feature, Math.Max(surprisal, 0), TrialsPerDay, failed, 0, (ratio * calls) + (3 * Math.Sqrt(variance)));
        }
    }
}
