using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="RecordsPerCall"/>.</summary>
public sealed record RecordsPerCallOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether records per call are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.08;
}

/// <summary>
/// More records per call than this agent reads or writes: a bulk read in a few calls.
/// </summary>
/// <remarks>
/// Over ten minutes, ln(1 + records per call) in classes of the number of calls, because the mean of few calls varies more than that of many: Student's t about
/// the class's mean, which borrows from all classes together. Scored whenever a minute closes, learned when the ten minutes are over.
/// </remarks>
internal sealed class RecordsPerCall(RecordsPerCallOptions options, AgentRegistry registry) : CalibratedDetector(
    "records-per-call",
    options.BudgetShare,
    new VolumeGroups(["records_per_call"], [new GumbelPrior(0.6, 0.6)], registry),
    new Feature("records_per_call", "records a call in 10 minutes"))
{
    private const int SpanMinutes = 10;
    private const int Classes = 6;
    private const double MostRecords = 1e15;
    private const int MostCalls = 1_000_000_000;
    private const double LeastDeviation = 0.1;
    private const double PriorWeight = 4;

    // What an agent's records per call vary by before anything is known of it: a factor of about e.
    private static readonly ClassPrior Unknown = new(2, 1, 1);

    // What the last score has made of whose records: learning looks at the same ones again.
    private (Memory By, double Surprisal)? _scored;

    public override string Family => "volume";

    public override Baseline CreateBaseline(string agentId) => new Memory(this, PeersOf(agentId));

    public override string Explain(in Finding finding) =>
        Sentence.Of($"{finding.Observed:0.#} records a call within 10 minutes; usual is at most {finding.ExpectedHigh:0.#}");

    /// <summary>What is known of one agent: 180 bytes.</summary>
    private sealed class Memory(RecordsPerCall detector, VolumePeers peers) : Baseline
    {
        private VolumePeers _peers = peers;
        private ChannelCalibration _calibration;
        private ByClass _classes;
        private uint _span;
        private float _records;
        private int _calls;
        private bool _isSuspicious;

        public override Finding Score(AgentWindow window)
        {
            detector._scored = null;
            var goesOn = window.Minute / SpanMinutes == _span;
            var (records, calls) = goesOn ? With(window) : ((float)Math.Min(window.Records, MostRecords), window.Calls);
            if (calls == 0 || window.Records <= 0)
            {
                return Finding.None;
            }

            _peers = detector.PeersOf(window.AgentId, _peers);
            var (mean, deviation, surprisal) = Surprise(records, calls);
            detector._scored = goesOn ? (this, surprisal) : null;
            if (surprisal <= 0)
            {
                return Finding.None;
            }

            var log = _calibration.LogReturnPeriod(surprisal, window.Minute, _peers);
            return double.IsNegativeInfinity(log) ? Finding.None
                : new Finding(0, surprisal, log, records / calls, PerCall(mean - (2 * deviation)), PerCall(mean + (3 * deviation)))
                {
                    IsOngoing = _calibration.Holds(window.Minute, log),
                };
        }

        public override void Learn(AgentWindow window, LearningGate gate)
        {
            if (window.Minute / SpanMinutes < _span)
            {
                return;
            }

            _peers = detector.PeersOf(window.AgentId, _peers);
            if (window.Minute / SpanMinutes > _span)
            {
                EndSpan(gate);
                (_span, _records, _calls, _isSuspicious) = ((uint)(window.Minute / SpanMinutes), 0, 0, false);
            }

            if (gate != LearningGate.Frozen)
            {
                _calibration.Pass(window.Minute, _peers);
            }

            (_records, _calls) = With(window);
            if (_calls == 0 || window.Records <= 0)
            {
                return;
            }

            var surprisal = detector._scored is var (by, scored) && ReferenceEquals(by, this) ? scored : Surprise(_records, _calls).Surprisal;
            detector._scored = null;
            if (surprisal > 0 && _calibration.LogReturnPeriod(surprisal, window.Minute, _peers) is var log && log >= detector.LogThreshold)
            {
                _calibration.Told(window.Minute, log);
                _isSuspicious |= !_calibration.IsLasting(window.Minute);
            }

            if (gate != LearningGate.Frozen)
            {
                _calibration.Observe(surprisal, _peers, _isSuspicious);
            }
        }

        public override EvidenceDetail Detail(in Finding finding)
        {
            var minute = (long)_span * SpanMinutes;
            var least = _calibration.Surprisal(detector.LogThreshold, minute, _peers);
            var calls = Math.Max(1, _calls);
            var prior = Prior();
            var usual = _classes[ClassOf(calls)].Quantile(-least / LogSpace.DecimalPerNatural, prior, LeastOf(calls, prior));
            return new EvidenceDetail(_calibration.Caveat(minute), null, Sentence.Of($"up to {PerCall(usual):0.#} records a call would not have fired"));
        }

        public override void Save(MemoryWriter writer)
        {
            _calibration.Save(writer);
            foreach (ref readonly var moments in (ReadOnlySpan<ClassMoments>)_classes)
            {
                moments.Save(writer);
            }

            writer.WriteVariable(_span);
            writer.WriteSingle(_records);
            writer.WriteVariable((ulong)_calls);
            writer.WriteBoolean(_isSuspicious);
        }

        public override void Load(ref MemoryReader reader)
        {
            _calibration.Load(ref reader);
            foreach (ref var moments in (Span<ClassMoments>)_classes)
            {
                moments.Load(ref reader);
            }

            _span = (uint)reader.ReadUpTo(uint.MaxValue / SpanMinutes);
            _records = SavedFloat.Read(ref reader, 0, 1.01 * MostRecords);
            _calls = (int)reader.ReadUpTo(MostCalls);
            _isSuspicious = reader.ReadBoolean();
        }

        private (float Records, int Calls) With(AgentWindow window) =>
            ((float)Math.Min(_records + window.Records, MostRecords), (int)Math.Min((long)_calls + window.Calls, MostCalls));

        private static double PerCall(double log) => Math.Max(0, Math.Exp(Math.Min(log, 40)) - 1);

        private static int ClassOf(int calls) => Math.Min(Classes - 1, int.Log2(calls));

        /// <summary>What all classes say together, and before they do what is unknown.</summary>
        private ClassPrior Prior()
        {
            var (weight, sum) = (Unknown.Weight, Unknown.Weight * Unknown.Mean);
            foreach (ref readonly var moments in (ReadOnlySpan<ClassMoments>)_classes)
            {
                (weight, sum) = (weight + moments.Weight, sum + (moments.Weight * moments.Mean));
            }

            var mean = sum / weight;
            var squares = Unknown.Weight * ((Unknown.Deviation * Unknown.Deviation) + ((Unknown.Mean - mean) * (Unknown.Mean - mean)));
            foreach (ref readonly var moments in (ReadOnlySpan<ClassMoments>)_classes)
            {
                squares += moments.Weight * (moments.Variance + ((moments.Mean - mean) * (moments.Mean - mean)));
            }

            return new ClassPrior(PriorWeight, mean, Math.Max(LeastDeviation, Math.Sqrt(squares / weight)));
        }

        /// <summary>
        /// Records are whole: of a mean of few they deviate by their root at least, however alike they were so far. In a few calls of one record each, a read of
        /// some is nothing.
        /// </summary>
        private double LeastOf(int calls, in ClassPrior prior)
        {
            var (_, mean, _) = _classes[ClassOf(calls)].Mixed(prior, LeastDeviation);
            var records = PerCall(mean);
            return Math.Sqrt((LeastDeviation * LeastDeviation) + (records / (calls * (1 + records) * (1 + records))));
        }

        private (double Mean, double Deviation, double Surprisal) Surprise(double records, int calls)
        {
            var prior = Prior();
            ref readonly var moments = ref ((ReadOnlySpan<ClassMoments>)_classes)[ClassOf(calls)];
            var leastDeviation = LeastOf(calls, prior);
            var (_, classMean, classDeviation) = moments.Mixed(prior, leastDeviation);
            var value = Math.Log(1 + (records / calls));
            return (classMean, classDeviation, value <= classMean ? 0 : -moments.LogUpperTail(value, prior, leastDeviation) * LogSpace.DecimalPerNatural);
        }

        private void EndSpan(LearningGate gate)
        {
            // Spans without records say nothing of how many a read brings.
            if (_calls == 0 || _records <= 0 || gate == LearningGate.Frozen)
            {
                return;
            }

            var value = Math.Log(1 + (_records / _calls));
            if (_isSuspicious)
            {
                var prior = Prior();
                _classes[ClassOf(_calls)].LearnSuspicious(value, prior, LeastOf(_calls, prior));
                return;
            }

            _classes[ClassOf(_calls)].Learn(value);
        }
    }

    [InlineArray(Classes)]
    private struct ByClass
    {
        private ClassMoments _first;
    }
}
