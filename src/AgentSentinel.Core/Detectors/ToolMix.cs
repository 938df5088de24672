using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="ToolMix"/>.</summary>
public sealed record ToolMixOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether the mix of tools is scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.07;
}

/// <summary>
/// An agent calls its tools in other proportions than it usually does.
/// </summary>
/// <remarks>
/// χ² of the tools of a block of calls against decayed counts, for a degree of freedom. Calls of a session are alike (a design effect; Rao and Scott 1981), and some
/// sessions are odd: its fourth root, nearly normal as the cube root of Wilson and Hilferty (1931) but with less weight on what is odd, is Student's t about the agent's own mean. A block has 24 calls and is also judged together with the one before.
/// The eight tools called most have a place each; all others share one.
/// </remarks>
internal sealed class ToolMix(ToolMixOptions options, FingerprintKey key) : Detector(
    "tool-mix",
    options.BudgetShare,
    new Feature("tool_mix", "χ² of the tools of 24 or 48 calls, for a degree of freedom"))
{
    private const int BlockCalls = 24;
    private const int Places = 9;
    private const int Others = Places - 1;

    // A block that was begun so long ago is not gone on with.
    private const int MostMinutesBetween = 1440;

    // Decay of the long-run counts at the end of a block: a memory of about twelve blocks, because agents take up new tools.
    private const double Keep = 0.92;
    private const double SuspiciousWeight = 0.5;
    private const double ShareDrift = 0.06;
    private const double MostCalls = 1e7;
    private const double LeastDeviation = 0.11;

    // The fourth root of χ² for a degree of freedom before anything is known.
    private static readonly ClassPrior Prior = new(6, 0.93, 0.27);

    private readonly VolumePeers _peers = new([new GumbelPrior(0.5, 0.6)]);
    private readonly FingerprintCache _fingerprints = new(key);

    public override string Family => "tool-mix";

    public override Baseline CreateBaseline(string agentId) => new Memory(this);

    public override string Explain(in Finding finding) => Sentence.Of(
        $"other tools than usual in the last {BlockCalls} to {2 * BlockCalls} calls: χ² of {finding.Observed:0.#} for a degree of freedom, where at most {finding.ExpectedHigh:0.#} is usual{(finding.Dimension is null ? "" : $", mostly because of {finding.Dimension}")}");

    public override void Save(MemoryWriter writer) => _peers.Save(writer);

    public override void Load(ref MemoryReader reader) => _peers.Load(ref reader);

    /// <summary>What is known of one agent: 250 bytes.</summary>
    private sealed class Memory(ToolMix detector) : Baseline
    {
        private ChannelCalibration _calibration;
        private Tools _tools;
        private ClassMoments _one;
        private ClassMoments _two;
        private byte _calls;
        private bool _isSuspicious;
        private long _minute;

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            var minute = call.Time.UtcTicks / TimeSpan.TicksPerMinute;
            if (call.Kind != CallKind.ToolCall || _calls != BlockCalls - 1 || minute - _minute > MostMinutesBetween)
            {
                return Finding.None;
            }

            var place = PlaceOf((uint)detector._fingerprints.Of(call.Tool));
            var (surprisal, one, _) = Judge(place < 0 ? Others : place, out var most);
            var log = _calibration.LogReturnPeriod(surprisal, minute, detector._peers);
            return surprisal <= 0 || double.IsNegativeInfinity(log) ? Finding.None
                : new Finding(0, surprisal, log, one, 0, Usual(), most == place || (place < 0 && most == Others) ? call.Tool : null)
                {
                    IsOngoing = _calibration.Holds(minute, log),
                };
        }

        public override void Learn(ToolCall call, LearningGate gate)
        {
            if (call.Kind != CallKind.ToolCall)
            {
                return;
            }

            var minute = call.Time.UtcTicks / TimeSpan.TicksPerMinute;
            if (minute - _minute > MostMinutesBetween)
            {
                Restart();
            }

            _minute = Math.Max(_minute, minute);
            if (gate != LearningGate.Frozen)
            {
                _calibration.Pass(_minute, detector._peers);
            }

            var tool = (uint)detector._fingerprints.Of(call.Tool);
            var place = PlaceOf(tool);
            if (place < 0 && gate != LearningGate.Frozen)
            {
                place = FreePlace();
                if (place >= 0)
                {
                    _tools[place].Name = tool;
                }
            }

            place = place < 0 ? Others : place;
            if (_calls == BlockCalls - 1)
            {
                EndBlock(place, gate);
            }
            else
            {
                _tools[place].Now++;
                _calls++;
            }
        }

        public override EvidenceDetail Detail(in Finding finding) => new(_calibration.Caveat(_minute));

        public override void Save(MemoryWriter writer)
        {
            _calibration.Save(writer);
            foreach (ref readonly var tool in (ReadOnlySpan<ToolCounts>)_tools)
            {
                writer.WriteUInt32(tool.Name);
                writer.WriteSingle(tool.Long);
                writer.WriteByte(tool.Now);
                writer.WriteByte(tool.Before);
            }

            _one.Save(writer);
            _two.Save(writer);
            writer.WriteByte(_calls);
            writer.WriteBoolean(_isSuspicious);
            writer.WriteVariable((ulong)_minute);
        }

        public override void Load(ref MemoryReader reader)
        {
            _calibration.Load(ref reader);
            foreach (ref var tool in (Span<ToolCounts>)_tools)
            {
                tool.Name = reader.ReadUInt32();
                tool.Long = SavedFloat.Read(ref reader, 0, MostCalls);
                tool.Now = Math.Min(reader.ReadByte(), (byte)BlockCalls);
                tool.Before = Math.Min(reader.ReadByte(), (byte)BlockCalls);
            }

            _one.Load(ref reader);
            _two.Load(ref reader);
            _calls = reader.ReadByte() is var calls && calls < BlockCalls ? calls : throw reader.Damaged("a block that is over");
            _isSuspicious = reader.ReadBoolean();
            _minute = reader.ReadUnits(TimeSpan.TicksPerMinute);
        }

        private int PlaceOf(uint name)
        {
            for (var i = 0; i < Others; i++)
            {
                if (_tools[i].Name == name && (_tools[i].Long > 0 || _tools[i].Now > 0 || _tools[i].Before > 0))
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>A place that nobody has, or whose tool was not called for so long that it is forgotten.</summary>
        private int FreePlace()
        {
            for (var i = 0; i < Others; i++)
            {
                ref var tool = ref _tools[i];
                if (tool.Now == 0 && tool.Before == 0 && tool.Long < 0.05)
                {
                    tool = default;
                    return i;
                }
            }

            return -1;
        }

        /// <summary>The block as it is with one more call.</summary>
        private (double Surprisal, double One, double Two) Judge(int place, out int most)
        {
            var total = 0.0;
            foreach (ref readonly var tool in (ReadOnlySpan<ToolCounts>)_tools)
            {
                total += tool.Long;
            }

            most = -1;
            if (total < 2 * BlockCalls)
            {
                return (0, 0, 0);
            }

            var both = BlockCalls;
            foreach (ref readonly var tool in (ReadOnlySpan<ToolCounts>)_tools)
            {
                both += tool.Before;
            }

            // Tools that a block hardly ever has are told together: a single call of one of them proves nothing.
            var (one, two, degrees, largest) = (0.0, 0.0, -1, 0.0);
            var (rare, rareBoth, rareShare, rarest) = (0, 0, 0.0, -1);
            for (var i = 0; i < Places; i++)
            {
                ref readonly var tool = ref ((ReadOnlySpan<ToolCounts>)_tools)[i];
                var now = tool.Now + (i == place ? 1 : 0);
                var share = tool.Long / total;
                if (BlockCalls * share < 1)
                {
                    (rare, rareBoth, rareShare) = (rare + now, rareBoth + now + tool.Before, rareShare + share);
                    rarest = now > 0 && (rarest < 0 || now > _tools[rarest].Now) ? i : rarest;
                    continue;
                }

                degrees++;
                one += Term(now, BlockCalls * share, BlockCalls, total);
                two += Term(now + tool.Before, both * share, both, total);
                (most, largest) = now > BlockCalls * share && Term(now, BlockCalls * share, BlockCalls, total) is var term && term > largest ? (i, term) : (most, largest);
            }

            degrees++;
            one += Term(rare, BlockCalls * rareShare, BlockCalls, total);
            two += Term(rareBoth, both * rareShare, both, total);
            most = Term(rare, BlockCalls * rareShare, BlockCalls, total) > largest ? rarest : most;
            if (degrees < 1)
            {
                return (0, 0, 0);
            }

            (one, two) = (one / degrees, both >= 2 * BlockCalls ? two / degrees : 0);
            return (Math.Max(Surprisal(_one, one), Surprisal(_two, two)), one, two);
        }

        /// <summary>
        /// A share of χ². What is expected is known from so many calls only, is never taken for nothing, and a tool's share may change a little: that an
        /// agent takes up a tool is for others to judge.
        /// </summary>
        private static double Term(double counted, double expected, double calls, double total) =>
            (counted - expected) * (counted - expected) / (Math.Max(1, expected) + (expected * expected / total) + (ShareDrift * calls * ShareDrift * calls));

        private void Restart()
        {
            _calls = 0;
            _isSuspicious = false;
            foreach (ref var tool in (Span<ToolCounts>)_tools)
            {
                tool.Now = tool.Before = 0;
            }
        }

        private static double Surprisal(in ClassMoments moments, double statistic)
        {
            var value = Math.Pow(statistic, 0.25);
            var (_, mean, _) = moments.Mixed(Prior, LeastDeviation);
            return value <= mean ? 0 : -moments.LogUpperTail(value, Prior, LeastDeviation) * LogSpace.DecimalPerNatural;
        }

        /// <summary>The largest usual χ² of a block, for a degree of freedom.</summary>
        private double Usual()
        {
            var (_, mean, deviation) = _one.Mixed(Prior, LeastDeviation);
            return Math.Pow(Math.Min(mean + (3 * deviation), 1e6), 4);
        }

        private static void Learn(ref ClassMoments moments, double statistic, bool isSuspicious)
        {
            var value = Math.Pow(statistic, 0.25);
            if (isSuspicious)
            {
                moments.LearnSuspicious(value, Prior, LeastDeviation);
            }
            else
            {
                moments.Learn(value);
            }
        }

        private void EndBlock(int place, LearningGate gate)
        {
            var (surprisal, one, two) = Judge(place, out _);
            var log = _calibration.LogReturnPeriod(surprisal, _minute, detector._peers);
            _isSuspicious = false;
            if (log >= detector.LogThreshold)
            {
                _calibration.Told(_minute, log);
                _isSuspicious = !_calibration.IsLasting(_minute);
            }

            _tools[place].Now++;
            _calls = 0;

            // A new habit must be learned in the end, or each of its blocks would raise an alarm; but not from one block.
            var weight = gate == LearningGate.Frozen ? 0 : _isSuspicious ? SuspiciousWeight : 1;
            if (gate != LearningGate.Frozen)
            {
                _calibration.Observe(surprisal, detector._peers, _isSuspicious);
            }

            if (weight > 0 && one > 0)
            {
                Learn(ref _one, one, _isSuspicious);
                if (two > 0)
                {
                    Learn(ref _two, two, _isSuspicious);
                }
            }

            foreach (ref var tool in (Span<ToolCounts>)_tools)
            {
                tool.Long = (float)((tool.Long * (1 - (weight * (1 - Keep)))) + (weight * tool.Now));
                tool.Before = tool.Now;
                tool.Now = 0;
            }
        }
    }

    private struct ToolCounts
    {
        public uint Name;
        public float Long;
        public byte Now;
        public byte Before;
    }

    [InlineArray(Places)]
    private struct Tools
    {
        private ToolCounts _first;
    }
}
