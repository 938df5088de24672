using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="VolumeDetector"/>.</summary>
public sealed record VolumeOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether numbers of calls, records, bytes, tokens, errors and denials are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.33;
}

/// <summary>
/// More calls, records, bytes, tokens, errors or denials than this agent makes at this time, within 1, 5, 60 or 360 minutes, or a level that drifts upwards.
/// </summary>
/// <remarks>
/// Windows are scored on a copy of what is known, which becomes what is known when it may be learned. The last minute may still be open: a count can
/// only grow, so the tail probability of reaching the present count in a <em>whole</em> minute is an upper bound of the final one, and an alarm need
/// not wait for the end of the minute. What goes on from one window to the next is told once; see <see cref="Episode"/>.
/// </remarks>
/// <param name="options">Its options.</param>
/// <param name="names">Fingerprints of names.</param>
/// <param name="registry">What is declared of the agents.</param>
/// <param name="calendar">Days that people have off, which are like Sundays; null when none is known.</param>
internal sealed class VolumeDetector(VolumeOptions options, FingerprintCache names, AgentRegistry registry, WorkCalendar? calendar) : CalibratedDetector(
    "volume",
    options.BudgetShare,
    new VolumeGroups([.. WindowCalibrators.Channels, .. Kinds.Select(k => k.Name)], [.. CallModel.Priors, .. Kinds.Select(_ => AmountPrior)], registry, calendar),
    FeaturesOf())
{
    private const double CallShare = 0.5;

    /// <summary>What calls bring with them, in the order of <see cref="WindowAmounts"/>, and what of the budget is for it. Most of what makes one loud makes others loud too.</summary>
    private static readonly AmountKind[] Kinds =
    [
        new(1, "records", "records", 0.15, false),
        new(2, "bytes", "bytes", 0.1, false),
        new(3, "tokens", "tokens", 0.1, false),
        new(4, "errors", "failed calls", 0.1, true),
        new(5, "denials", "denied calls", 0.05, true),
    ];

    private static readonly double LogCallShare = Math.Log10(CallShare);
    private static readonly GumbelPrior AmountPrior = new(0.5, 0.7);

    private readonly FingerprintCache _names = names;

    // What the last score of a closed window has made of the baseline that it belongs to; of an open one, only the readings and which is worst.
    private readonly VolumeReading[] _readings = new VolumeReading[VolumeState.Channels];
    private (int Window, double LogReturnPeriod) _worst;
    private VolumeState _scratch;
    private Memory? _scratchOwner;

    public override Baseline CreateBaseline(string agentId) => new Memory(this, PeersOf(agentId));

    public override string Explain(in Finding finding)
    {
        var (channel, window) = (finding.Feature / CallModel.Windows, finding.Feature % CallModel.Windows);
        var what = UnitOf(channel);
        var most = finding.Dimension is null ? "" : $", mostly with {finding.Dimension}";
        return window == CallModel.Drift
            ? $"{Quantity.Of(finding.Observed, what)} in the last hour, and for hours more than the usual of up to {Quantity.Of(finding.ExpectedHigh, what)}{most}"
            : $"{Quantity.Of(finding.Observed, what)} within {Span(window)}; usual is at most {Quantity.Of(finding.ExpectedHigh, what)} at this hour of the week{most}";
    }

    private static string UnitOf(int channel) => channel == 0 ? "calls" : Kinds[channel - 1].Unit;

    private static string Span(int window) => window == 0 ? "a minute" : string.Create(CultureInfo.InvariantCulture, $"{CallModel.Minutes[window]} minutes");

    private static Feature[] FeaturesOf()
    {
        string[] names = ["calls", "records", "bytes", "tokens", "errors", "denials"];
        return
        [
            .. names.SelectMany(name => CallModel.Minutes.Select((minutes, window) => window == CallModel.Drift
                ? new Feature($"{name}_drift", $"{name} in an hour, for hours")
                : new Feature(
                    string.Create(CultureInfo.InvariantCulture, $"{name}_per_{minutes}_minute{(minutes == 1 ? "" : "s")}"),
                    string.Create(CultureInfo.InvariantCulture, $"{name} in {minutes} minute{(minutes == 1 ? "" : "s")}"))))
        ];
    }

    private Finding Nothing()
    {
        _worst = (-1, double.NegativeInfinity);
        return Finding.None;
    }

    /// <summary>The channel that is farthest from its usual.</summary>
    private Finding Worst(in Episode episode, long minute)
    {
        var (channel, worst) = (0, double.NegativeInfinity);
        for (var c = 0; c < _readings.Length; c++)
        {
            if (LogReturnPeriod(c) is var log && log > worst)
            {
                (channel, worst) = (c, log);
            }
        }

        ref readonly var reading = ref _readings[channel];
        var window = reading.Window;
        _worst = (window, worst);
        if (double.IsNegativeInfinity(worst))
        {
            return Finding.None;
        }

        return new Finding(
            (channel * CallModel.Windows) + window,
            reading.Surprisal,
            worst,
            reading.Observed,
            Math.Max(0, reading.Mean - (2 * reading.Deviation)),
            reading.Mean + (3 * reading.Deviation))
        {
            IsOngoing = episode.Holds(minute, worst, VolumeReading.IsSudden(window)),
        };
    }

    private double LogReturnPeriod(int channel) => _readings[channel].LogReturnPeriod + (channel == 0 ? LogCallShare : 0);

    /// <summary>What is known of one agent: 1.9 KB.</summary>
    private sealed class Memory(VolumeDetector detector, VolumePeers peers) : Baseline
    {
        private VolumePeers _peers = peers;
        private VolumeState _state;

        public override Finding Score(ToolCall call, AgentWindow window)
        {
            detector._scratchOwner = null;
            if (call.Kind != CallKind.ToolCall || window.Minute < _state.Calls.Next)
            {
                return detector.Nothing();
            }

            _peers = detector.PeersOf(window.AgentId, _peers);
            if (!_state.Open(window, Kinds, _peers, detector._readings))
            {
                return detector.Nothing();
            }

            var finding = detector.Worst(_state.Episode, window.Minute);
            return finding.LogReturnPeriod >= detector.LogThreshold ? finding with { Dimension = DimensionOf(call) } : finding;
        }

        public override void Learn(ToolCall call, LearningGate gate)
        {
            if (call.Kind != CallKind.ToolCall)
            {
                return;
            }

            var minute = call.Time.UtcTicks / TimeSpan.TicksPerMinute;
            _state.Count(minute);
            _state.IsFrozen = gate == LearningGate.Frozen;
            if (gate != LearningGate.Frozen)
            {
                _state.Tools.Add((uint)detector._names.ToolOf(call));
                if (call.Resources.Length > 0)
                {
                    _state.Datasets.Add((uint)detector._names.Of(call.Resources[0]));
                }
            }

            Note(detector._worst, minute);
        }

        public override Finding Score(AgentWindow window)
        {
            if (window.Minute < _state.Calls.Next || window.Calls == 0)
            {
                detector._scratchOwner = null;
                return detector.Nothing();
            }

            _peers = detector.PeersOf(window.AgentId, _peers);
            detector._scratch = _state;
            detector._scratch.Close(window, Kinds, GateOf(window), _peers, detector._readings);
            detector._scratchOwner = this;
            return detector.Worst(_state.Episode, window.Minute);
        }

        public override void Learn(AgentWindow window, LearningGate gate)
        {
            if (window.Minute < _state.Calls.Next || window.Calls == 0)
            {
                return;
            }

            _peers = detector.PeersOf(window.AgentId, _peers);
            var worst = detector._worst;
            var before = _state.Calls.Next;
            var scoredWith = GateOf(window);
            var isLasting = _state.Episode.IsLasting && _state.Episode.IsOpen(window.Minute);
            gate = gate == LearningGate.Suspicious && isLasting ? LearningGate.Open
                : gate == LearningGate.Open ? scoredWith
                : gate;
            if (gate == scoredWith && ReferenceEquals(detector._scratchOwner, this))
            {
                _state = detector._scratch;
            }
            else
            {
                _state.Close(window, Kinds, gate, _peers, detector._readings);
            }

            _state.IsFrozen = gate == LearningGate.Frozen;

            detector._scratchOwner = null;
            Note(worst, window.Minute);
            if (before / 60 != _state.Calls.Next / 60)
            {
                _state.Episode.EndHour(_state.Calls.Next, _state.Calls.LastHour.Counted, _state.Calls.LastHour.Expected);
            }

            if (gate != LearningGate.Frozen)
            {
                _state.Report(Kinds, _peers);
            }
        }

        public override ExpectedRange? ExpectedCalls(AgentWindow window) =>
            _state.Calls.DaysKnown < CallModel.SilentDays ? null : _state.Calls.Usual(window.Minute);

        public override EvidenceDetail Detail(in Finding finding)
        {
            var parts = new List<EvidencePart>();
            for (var c = 0; c < VolumeState.Channels; c++)
            {
                var reading = detector._readings[c];
                if (reading.Window >= 0 && detector.LogReturnPeriod(c) > detector.LogThreshold - 2)
                {
                    var part = new Finding((c * CallModel.Windows) + reading.Window, reading.Surprisal, 0, reading.Observed, 0, reading.Mean + (3 * reading.Deviation));
                    parts.Add(new EvidencePart(detector.Features[part.Feature].Name, reading.Surprisal, detector.Explain(part)));
                }
            }

            parts.Sort((a, b) => b.Surprisal.CompareTo(a.Surprisal));
            var (channel, window) = (finding.Feature / CallModel.Windows, finding.Feature % CallModel.Windows);
            var least = detector.LogThreshold - (channel == 0 ? LogCallShare : 0);
            var usual = channel == 0
                ? _state.Calls.MostUsual(detector._readings[0], least, _peers)
                : _state.Amounts[channel - 1].MostUsual(Kinds[channel - 1], detector._readings[channel], least, _peers, _state.Calls.Penalty(_peers));
            return new EvidenceDetail(
                Warmth.Caveat(_state.Calls.DaysKnown),
                parts.Count > 1 ? parts : null,
                window == CallModel.Drift ? null : $"up to {Quantity.Of(Math.Max(0, usual), UnitOf(channel))} in {Span(window)} would not have fired");
        }

        public override void Save(MemoryWriter writer) => _state.Save(writer);

        public override void Load(ref MemoryReader reader) => _state.Load(ref reader);

        /// <summary>What the engine will most likely let learn: known only when the window was scored.</summary>
        private LearningGate GateOf(AgentWindow window) => _state.IsFrozen ? LearningGate.Frozen
            : _state.Episode.IsSuspicious(window.Minute) ? LearningGate.Suspicious
            : LearningGate.Open;

        private void Note((int Window, double LogReturnPeriod) worst, long minute)
        {
            var (window, log) = worst;
            if (log < detector.LogThreshold)
            {
                return;
            }

            _state.Episode.Note(minute, log, VolumeReading.IsPresent(window), window == CallModel.Drift, VolumeReading.IsSudden(window));
            if (window == CallModel.Drift)
            {
                _state.RestartDrift();
            }
        }

        /// <summary>The tool or the dataset of a call, when it is most of what the agent does and was not before.</summary>
        private string? DimensionOf(ToolCall call)
        {
            var tool = _state.Tools.Lift((uint)detector._names.ToolOf(call));
            var dataset = call.Resources.Length > 0 ? _state.Datasets.Lift((uint)detector._names.Of(call.Resources[0])) : 0;
            return Math.Max(tool, dataset) <= 0 ? null : dataset > tool ? call.Resources[0] : call.Tool;
        }
    }
}
