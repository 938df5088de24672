using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
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
/// The deviance G of the tools of the last 24 and of the last 48 calls against the agent's long-run shares, looked at with every fourth call: unlike Pearson's χ²
/// its tail holds for tools that are seldom called. Calls of a session are alike and hours differ, so that G is more than χ² and varies more (Rao and Scott 1981): it is
/// taken for a multiple of χ² with the mean and variance that G had on this agent (Satterthwaite 1946).
/// Shares are remembered for some thousand calls and for days: whatever happens within an hour has little weight in them, and a runaway loop none.
/// </remarks>
internal sealed class ToolMix(ToolMixOptions options, FingerprintCache names, AgentRegistry registry) : CalibratedDetector(
    "tool-mix",
    options.BudgetShare,
    new VolumeGroups(["tool_mix"], [new GumbelPrior(0.9, 0.5)], registry),
    new Feature("tool_mix", "deviance of the tools of 24 or 48 calls, for a degree of freedom"))
{
    private const int BlockCalls = RecentTools.Length / 2;
    private const int CallsBetween = 4;

    // Calls that were made so long ago are not judged together with later ones.
    private const int MostMinutesBetween = 1440;

    // Nor, after a shorter pause, those that were told of: what comes then is another matter.
    private const int ToldMinutesBetween = 60;

    // The long-run shares are a memory of so many minutes at least: every minute earns weight that blocks may spend, and some may be saved.
    private const double MemoryMinutes = 2 * 1440;
    private const double MostCredit = 0.25;
    private const double FirstCredit = 4;

    // A new habit that lasts is learned so much faster.
    private const double LastingWeight = 5;

    // What is known of a former version is worth so many calls.
    private const double FormerCalls = 48;
    private const double NewVersionCredit = 2;

    // G for a degree of freedom is like χ² before much is seen, and a little more.
    private const double PriorBlocks = 80;
    private const double PriorMean = 1.2;
    private const double LeastDeviation = 0.1;

    // What is within so many deviations is ordinary, and is not looked at closer.
    private const double OrdinaryDeviations = 0.7;

    private readonly FingerprintCache _names = names;

    // What the last score has made of whose calls: learning looks at the same calls again.
    private Reading _reading;
    private Memory? _readingOwner;
    private RecentTools _readingOf;

    public override string Family => "tool-mix";

    public override Baseline CreateBaseline(string agentId) => new Memory(this, PeersOf(agentId));

    public override string Explain(in Finding finding) => Sentence.Of(
        $"other tools than usual in the last {BlockCalls} to {2 * BlockCalls} calls: a deviance of {finding.Observed:0.#} for a degree of freedom, where at most {finding.ExpectedHigh:0.#} is usual{(finding.Dimension is null ? "" : $", mostly because of {finding.Dimension}")}");

    /// <summary>What is known of one agent: 240 bytes.</summary>
    private sealed class Memory(ToolMix detector, VolumePeers peers) : Baseline
    {
        private VolumePeers _peers = peers;
        private ChannelCalibration _calibration;
        private ToolShares _tools;
        private RecentTools _recent;
        private ClassMoments _one;
        private ClassMoments _two;
        private float _credit;
        private uint _minute;
        private byte _calls;
        private bool _isSuspicious;
        private bool _isTold;
        private ushort _version;
        private ushort _formerVersion;

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            var minute = call.Time.UtcTicks / TimeSpan.TicksPerMinute;
            detector._readingOwner = null;
            if (call.Kind != CallKind.ToolCall || (_calls + 1) % CallsBetween != 0 || minute - _minute > (_isTold ? ToldMinutesBetween : MostMinutesBetween))
            {
                return Finding.None;
            }

            _peers = detector.PeersOf(call.AgentId, _peers);
            var place = _tools.PlaceOf((ushort)detector._names.ToolOf(call), _recent);
            var recent = _recent;
            recent.Add(place);
            var reading = Judge(recent);
            (detector._readingOwner, detector._readingOf, detector._reading) = (this, recent, reading);
            if (reading.Surprisal <= 0)
            {
                return Finding.None;
            }

            var log = _calibration.LogReturnPeriod(reading.Surprisal, minute, _peers);
            return double.IsNegativeInfinity(log) ? Finding.None
                : new Finding(0, reading.Surprisal, log, reading.Largest, 0, reading.Usual, reading.Place == place ? call.Tool : null)
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

            _peers = detector.PeersOf(call.AgentId, _peers);
            var minute = call.Time.UtcTicks / TimeSpan.TicksPerMinute;
            if (minute - _minute > (_isTold ? ToldMinutesBetween : MostMinutesBetween))
            {
                _isTold = false;
                (_recent, _calls, _isSuspicious) = (default, 0, false);
            }

            if (gate != LearningGate.Frozen)
            {
                _credit = _minute == 0 ? (float)FirstCredit : (float)Math.Max(_credit, Math.Min(MostCredit, _credit + (Math.Max(0, minute - _minute) / MemoryMinutes)));
            }

            _minute = (uint)Math.Max(_minute, minute);
            if (gate != LearningGate.Frozen)
            {
                _calibration.Pass(_minute, _peers);
            }

            if (gate != LearningGate.Frozen && call.AgentVersion is not null)
            {
                NoteVersion((ushort)detector._names.VersionOf(call));
            }

            var tool = (ushort)detector._names.ToolOf(call);
            _recent.Add(gate == LearningGate.Frozen ? _tools.PlaceOf(tool, _recent) : _tools.Claim(tool, _recent));
            _calls++;
            if (_calls % CallsBetween == 0)
            {
                Look(gate);
            }
        }

        public override EvidenceDetail Detail(in Finding finding) => new(_calibration.Caveat(_minute));

        public override void Save(MemoryWriter writer)
        {
            _calibration.Save(writer);
            _tools.Save(writer);
            _recent.Save(writer);
            _one.Save(writer);
            _two.Save(writer);
            writer.WriteSingle(_credit);
            writer.WriteByte(_calls);
            writer.WriteBoolean(_isSuspicious);
            writer.WriteBoolean(_isTold);
            writer.WriteVariable(_version);
            writer.WriteVariable(_formerVersion);
            writer.WriteVariable(_minute);
        }

        public override void Load(ref MemoryReader reader)
        {
            _calibration.Load(ref reader);
            _tools = ToolShares.Load(ref reader);
            _recent = RecentTools.Load(ref reader, ToolShares.Places);
            _one.Load(ref reader);
            _two.Load(ref reader);
            _credit = SavedFloat.Read(ref reader, 0, FirstCredit);
            _calls = reader.ReadByte() is var calls && calls < BlockCalls ? calls : throw reader.Damaged("a block that is over");
            _isSuspicious = reader.ReadBoolean();
            _isTold = reader.ReadBoolean();
            _version = (ushort)reader.ReadUpTo(ushort.MaxValue);
            _formerVersion = (ushort)reader.ReadUpTo(ushort.MaxValue);
            _minute = (uint)reader.ReadUpTo(uint.MaxValue);
        }

        /// <summary>A new version is like another agent that is much the same: what is known of the old one counts for little.</summary>
        private void NoteVersion(ushort version)
        {
            if (version == _version || version == _formerVersion)
            {
                return;
            }

            if (_version != 0)
            {
                _recent = default;
                _calls = 0;
                _credit = (float)NewVersionCredit;
                _tools.Shrink(FormerCalls);
            }

            (_formerVersion, _version) = (_version, version);
        }

        private void Look(LearningGate gate)
        {
            var reading = ReferenceEquals(detector._readingOwner, this) && detector._readingOf == _recent ? detector._reading : Judge(_recent);
            if (reading.Surprisal > 0 && _calibration.LogReturnPeriod(reading.Surprisal, _minute, _peers) is var log && log >= detector.LogThreshold)
            {
                _calibration.Told(_minute, log);
                _isSuspicious = _isTold = true;
            }

            var isLasting = _calibration.IsLasting(_minute);
            if (gate != LearningGate.Frozen && reading.One > 0)
            {
                _calibration.Observe(reading.Surprisal, _peers, _isSuspicious || isLasting);
            }

            if (_calls < BlockCalls)
            {
                return;
            }

            _calls = 0;
            if (gate != LearningGate.Frozen && (!_isSuspicious || isLasting))
            {
                Learn(reading, isLasting);
            }

            _isSuspicious = false;
        }

        private void Learn(in Reading reading, bool isLasting)
        {
            // How much blocks vary is not to be learned from those that are between an old habit and a new one.
            if (reading.One > 0 && !isLasting)
            {
                _one.Learn(reading.One);
                if (reading.Two > 0)
                {
                    _two.Learn(reading.Two);
                }
            }

            var weight = Math.Min(_credit, _tools.UsualWeight(BlockCalls) * (isLasting ? LastingWeight : 1));
            _credit -= (float)weight;
            _tools.Learn(_recent, BlockCalls, weight);
        }

        private Reading Judge(in RecentTools recent)
        {
            if (_tools.Total < 2 * BlockCalls || !recent.Reaches(BlockCalls))
            {
                return default;
            }

            var blocks = recent.Reaches(2 * BlockCalls) ? 2 : 1;
            Span<ToolDeviance> spans = stackalloc ToolDeviance[blocks];
            _tools.Deviances(recent, BlockCalls, spans);
            var one = spans[0];
            var (mean, surprisal) = Surprise(_one, one.Deviance, one.Degrees);
            var reading = new Reading(Math.Max(0, surprisal), one.Deviance, 0, one.Deviance, 3 * mean, one.Place);
            if (blocks == 2)
            {
                var two = spans[1];
                (mean, surprisal) = Surprise(_two, two.Deviance, two.Degrees);
                reading = surprisal > reading.Surprisal ? new Reading(surprisal, one.Deviance, two.Deviance, two.Deviance, 3 * mean, two.Place) : reading with { Two = two.Deviance };
            }

            return reading;
        }

        private static (double Mean, double Surprisal) Surprise(in ClassMoments moments, double deviance, double degrees)
        {
            var (_, mean, deviation) = moments.Mixed(new ClassPrior(PriorBlocks, PriorMean, PriorMean * Math.Sqrt(2 / degrees)), LeastDeviation);
            mean = Math.Max(LeastDeviation, mean);
            if (deviance <= mean + (OrdinaryDeviations * deviation))
            {
                return (mean, 0);
            }

            var scale = deviation * deviation / (2 * mean);
            return (mean, -ChiSquared.LogUpperTail(deviance / scale, mean / scale) * LogSpace.DecimalPerNatural);
        }
    }

    /// <summary>What the last calls say.</summary>
    /// <param name="Surprisal">−log10 p.</param>
    /// <param name="One">G for a degree of freedom of the last block; 0 when too little is known.</param>
    /// <param name="Two">The same of the last two.</param>
    /// <param name="Largest">That of the two which is more surprising.</param>
    /// <param name="Usual">What it is at most, usually.</param>
    /// <param name="Place">The tool with most more calls than expected.</param>
    private readonly record struct Reading(double Surprisal, double One, double Two, double Largest, double Usual, int Place);
}
