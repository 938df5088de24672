using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="FanOut"/>.</summary>
public sealed record FanOutOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether numbers of distinct resources are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.06;
}

/// <summary>
/// Calls spread over far more distinct resources than this agent's calls usually do.
/// </summary>
/// <remarks>
/// Distinct resources among the calls of a block, at 16, 32 and 64 calls that name any: blocks of calls and not of time, so that an agent's slow and its busy
/// hours teach the same and a burst is held against all of them. Two counters begin 32 calls apart, so that most of any burst lies in one block. ln of the number
/// is Student's t about its mean at that length.
/// </remarks>
internal sealed class FanOut(FanOutOptions options, FingerprintCache names, AgentRegistry registry) : CalibratedDetector(
    "fan-out",
    options.BudgetShare,
    new VolumeGroups(["fan_out"], [new GumbelPrior(0.4, 0.6)], registry),
    new Feature("distinct_resources", "distinct resources in up to 64 calls"))
{
    private const int BlockCalls = 64;
    private const int Lengths = 3;
    private const int FirstLength = 16;

    // A block that was begun so long ago is not gone on with.
    private const int MostMinutesBetween = 1440;

    // Nor one of which people were told, once there was a pause: what comes then is not what they were told of.
    private const int MostMinutesBetweenAfterAlarm = 60;
    private const double LeastDeviation = 0.08;

    private readonly FingerprintCache _names = names;

    public override string Family => "volume";

    public override Baseline CreateBaseline(string agentId) => new Memory(this, PeersOf(agentId));

    public override string Explain(in Finding finding) =>
        Sentence.Of($"{finding.Observed:0} distinct resources in up to {BlockCalls} calls; usual is at most {finding.ExpectedHigh:0}");

    /// <summary>What is known of one agent: 200 bytes.</summary>
    private sealed class Memory(FanOut detector, VolumePeers peers) : Baseline
    {
        private VolumePeers _peers = peers;
        private ChannelCalibration _calibration;
        private ByLength _lengths;
        private LinearCounter _first;
        private LinearCounter _second;
        private byte _position;
        private bool _hasSecond;
        private bool _isSuspicious;
        private uint _minute;
        private uint _toldMinute;

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            if (call.Kind != CallKind.ToolCall || call.Resources.Length == 0)
            {
                return Finding.None;
            }

            _peers = detector.PeersOf(call.AgentId, _peers);
            var minute = call.Time.UtcTicks / TimeSpan.TicksPerMinute;
            return IsOver(minute) ? Finding.None
                : Finding.Max(Score(_first, _position, call, minute), _hasSecond ? Score(_second, Shifted(_position), call, minute) : Finding.None);
        }

        public override void Learn(ToolCall call, LearningGate gate)
        {
            if (call.Kind != CallKind.ToolCall || call.Resources.Length == 0)
            {
                return;
            }

            _peers = detector.PeersOf(call.AgentId, _peers);
            var minute = call.Time.UtcTicks / TimeSpan.TicksPerMinute;
            if (IsOver(minute))
            {
                (_position, _hasSecond, _isSuspicious) = (0, false, false);
            }

            _minute = (uint)Math.Max(_minute, minute);
            if (gate != LearningGate.Frozen)
            {
                _calibration.Pass(_minute, _peers);
            }

            _hasSecond |= _position == BlockCalls / 2;
            Learn(ref _first, _position, call, gate);
            if (_hasSecond)
            {
                Learn(ref _second, Shifted(_position), call, gate);
            }

            _position = (byte)((_position + 1) % BlockCalls);
            _isSuspicious &= _position % (BlockCalls / 2) != 0;
        }

        public override EvidenceDetail Detail(in Finding finding)
        {
            var least = _calibration.Surprisal(detector.LogThreshold, _minute, _peers);
            var length = LengthOf(_position) is var first and >= 0 ? first : LengthOf(Shifted(_position));
            var usual = length < 0 ? 0 : Math.Exp(_lengths[length].Quantile(-least / LogSpace.DecimalPerNatural, Prior(length), LeastDeviation));
            return new EvidenceDetail(
                _calibration.Caveat(_minute), null, length < 0 ? null : Sentence.Of($"up to {Math.Floor(usual):0} distinct resources in {FirstLength << length} calls would not have fired"));
        }

        public override void Save(MemoryWriter writer)
        {
            _calibration.Save(writer);
            foreach (ref readonly var moments in (ReadOnlySpan<ClassMoments>)_lengths)
            {
                moments.Save(writer);
            }

            _first.Save(writer);
            _second.Save(writer);
            writer.WriteByte(_position);
            writer.WriteBoolean(_hasSecond);
            writer.WriteBoolean(_isSuspicious);
            writer.WriteVariable(_minute);
            writer.WriteVariable(_toldMinute);
        }

        public override void Load(ref MemoryReader reader)
        {
            _calibration.Load(ref reader);
            foreach (ref var moments in (Span<ClassMoments>)_lengths)
            {
                moments.Load(ref reader);
            }

            _first = LinearCounter.Load(ref reader);
            _second = LinearCounter.Load(ref reader);
            _position = reader.ReadByte() is var position && position < BlockCalls ? position : throw reader.Damaged("a block that is over");
            _hasSecond = reader.ReadBoolean();
            _isSuspicious = reader.ReadBoolean();
            _minute = (uint)reader.ReadUpTo(uint.MaxValue);
            _toldMinute = (uint)reader.ReadUpTo(uint.MaxValue);
        }

        private bool IsOver(long minute) =>
            minute - _minute > (_toldMinute > 0 && _minute - _toldMinute < MostMinutesBetween ? MostMinutesBetweenAfterAlarm : MostMinutesBetween);

        private static int Shifted(int position) => (position + (BlockCalls / 2)) % BlockCalls;

        /// <summary>Which length a block has when the call at a position is counted; −1 when none of those that are looked at.</summary>
        private static int LengthOf(int position) => (position + 1) switch
        {
            FirstLength => 0,
            2 * FirstLength => 1,
            4 * FirstLength => 2,
            _ => -1,
        };

        private void Add(ref LinearCounter counter, ToolCall call)
        {
            foreach (var resource in call.Resources)
            {
                counter.Add(detector._names.Of(resource));
            }
        }

        private ClassPrior Prior(int length)
        {
            // A shorter block tells a longer one's mean: at most twice as many, usually less.
            var prior = new ClassPrior(2, Math.Log(FirstLength / 2.0), 0.7);
            for (var shorter = 0; shorter < length; shorter++)
            {
                var (_, mean, deviation) = _lengths[shorter].Mixed(prior, LeastDeviation);
                prior = new ClassPrior(2, mean + 0.4, Math.Max(deviation, 0.3));
            }

            return prior;
        }

        private double Surprisal(int length, double distinct)
        {
            var prior = Prior(length);
            var value = Math.Log(Math.Max(1, distinct));
            var (_, mean, _) = _lengths[length].Mixed(prior, LeastDeviation);
            return value <= mean ? 0 : -_lengths[length].LogUpperTail(value, prior, LeastDeviation) * LogSpace.DecimalPerNatural;
        }

        private Finding Score(in LinearCounter seen, int position, ToolCall call, long minute)
        {
            if (LengthOf(position) is not (var length and >= 0))
            {
                return Finding.None;
            }

            var counter = seen;
            Add(ref counter, call);
            var surprisal = Surprisal(length, counter.Count);
            var log = surprisal <= 0 ? double.NegativeInfinity : _calibration.LogReturnPeriod(surprisal, minute, _peers);
            if (double.IsNegativeInfinity(log))
            {
                return Finding.None;
            }

            var (_, mean, deviation) = _lengths[length].Mixed(Prior(length), LeastDeviation);
            return new Finding(0, surprisal, log, Math.Round(counter.Count), Math.Exp(Math.Clamp(mean - (2 * deviation), 0, 20)), Math.Exp(Math.Clamp(mean + (3 * deviation), 0, 20)))
            {
                IsOngoing = _calibration.Holds(minute, log),
            };
        }

        private void Learn(ref LinearCounter counter, int position, ToolCall call, LearningGate gate)
        {
            if (position == 0)
            {
                counter.Clear();
            }

            Add(ref counter, call);
            if (LengthOf(position) is not (var length and >= 0))
            {
                return;
            }

            var surprisal = Surprisal(length, counter.Count);
            if (surprisal > 0 && _calibration.LogReturnPeriod(surprisal, _minute, _peers) is var log && log >= detector.LogThreshold)
            {
                _calibration.Told(_minute, log);
                _toldMinute = _minute;
                _isSuspicious |= !_calibration.IsLasting(_minute);
            }

            if (gate == LearningGate.Frozen)
            {
                return;
            }

            _calibration.Observe(surprisal, _peers, _isSuspicious);
            var value = Math.Log(Math.Max(1, counter.Count));
            if (_isSuspicious)
            {
                _lengths[length].LearnSuspicious(value, Prior(length), LeastDeviation);
            }
            else
            {
                _lengths[length].Learn(value);
            }
        }
    }

    [InlineArray(Lengths)]
    private struct ByLength
    {
        private ClassMoments _first;
    }
}
