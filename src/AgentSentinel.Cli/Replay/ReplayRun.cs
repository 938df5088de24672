using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;

namespace AgentSentinel.Cli.Replay;

/// <summary>
/// Recorded telemetry through the very engines of the service, without Kafka: one partition, whose memory is saved as the service saves it
/// (in a folder that is gone afterwards), and a journal that takes no time.
/// The clock is the event time, so that the same input gives the same output.
/// </summary>
internal sealed class ReplayRun : IDisposable
{
    // As often as a busy partition checkpoints: bounds memory under a flood of agent ids.
    private const int MostChangedProfiles = 20_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-replay-");
    private readonly CheckpointStore _store;
    private readonly DetectionEngine _detection;
    private readonly ResponseEngine _response;
    private readonly ToolCallDecoder _decoder;
    private readonly ToolCall _call = new();
    private readonly DetectionOutput _found = new();
    private readonly ResponseOutput _done = new();
    private readonly DateTimeOffset _receivedAt;
    private readonly SortedDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private readonly List<DetectorFailure> _failures = [];
    private DateTimeOffset _clock;

    /// <param name="options">Options of the engines.</param>
    /// <param name="receivedAt">When the recording was read: calls later than this are refused as lying in the future.</param>
    public ReplayRun(SentinelOptions options, DateTimeOffset receivedAt)
    {
        _receivedAt = receivedAt;
        _decoder = new ToolCallDecoder(options.Decoder);
        _store = CheckpointStore.Open(Path.Combine(_folder.FullName, "replay.sqlite"), survivesPowerLoss: false);
        var declared = DeclarationSet.Read(options.Declarations);
        var detectors = LineDetectors.Create(options, declared);
        _detection = new DetectionEngine(options.Detection, detectors, _store, declared.Registry, declared.Calendar);
        _response = new ResponseEngine(options.Response, new VolatileState(), declared.Registry, declared.Policy);
    }

    /// <summary>Which agents take part; null for all.</summary>
    public Func<string, bool>? TakesPart { get; init; }

    /// <summary>Called for every accepted event, with the most surprising finding about it.</summary>
    public Action<ToolCall, Finding, Detector?>? OnScore { get; init; }

    /// <summary>Called with what a line holds, before the engines see it; not for a line that is refused.</summary>
    public Action<ToolCall>? OnDecoded { get; init; }

    /// <summary>Called for every anomaly, with the id of the incident it belongs to.</summary>
    public Action<Anomaly, string>? OnAnomaly { get; init; }

    /// <summary>Called for every alert.</summary>
    public Action<Alert>? OnAlert { get; init; }

    /// <summary>Lines taken, refused ones included.</summary>
    public long Lines { get; private set; }

    /// <summary>Anomalies found.</summary>
    public long Anomalies { get; private set; }

    /// <summary>Suspensions that the policy ordered.</summary>
    public long Orders { get; private set; }

    public DetectionEngine Detection => _detection;

    /// <summary>Refused lines by reason.</summary>
    public IReadOnlyDictionary<string, long> Refused => _refused;

    /// <summary>Detectors that threw.</summary>
    public IReadOnlyList<DetectorFailure> Failures => _failures;

    /// <summary>Takes one line.</summary>
    /// <returns>Why it was refused; null when it was not.</returns>
    public DecodeError? Take(ReadOnlyMemory<byte> line)
    {
        Lines++;
        if (!_decoder.TryDecode(line, _receivedAt, _call, out var error))
        {
            _refused[error.ReasonName] = _refused.GetValueOrDefault(error.ReasonName) + 1;
            return error;
        }

        if (TakesPart?.Invoke(_call.AgentId) == false)
        {
            return null;
        }

        OnDecoded?.Invoke(_call);
        if (_detection.Process(_call, _call.Time, _found) == CallVerdict.Accepted)
        {
            OnScore?.Invoke(_call, _found.Top, _found.TopDetector < 0 ? null : _detection.Detectors[_found.TopDetector]);
        }

        if (_found.HasNews)
        {
            Respond();
        }

        if (_detection.ChangedProfiles > MostChangedProfiles)
        {
            _store.Write(Lines, _detection.Save);
        }

        return null;
    }

    /// <summary>The recording is over: closes the windows that are still open, and the incidents that would be quiet by now.</summary>
    public void Finish()
    {
        if (_detection.NewestTime == DateTimeOffset.MinValue)
        {
            return;
        }

        var end = _detection.NewestTime;
        _detection.Advance(end + (end - _detection.Watermark) + Core.Windowing.AgentWindow.Length, _found);
        Respond();
        _response.Advance(end, _done);
        Deliver();
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Respond()
    {
        foreach (var anomaly in _found.Anomalies)
        {
            Anomalies++;
            _clock = anomaly.Time > _clock ? anomaly.Time : _clock;
            _response.Process(new AnomalyFound(anomaly, _clock), _done);
            OnAnomaly?.Invoke(anomaly, _response.OpenIncidents[anomaly.AgentId].Id);
        }

        foreach (var sighting in _found.Sightings)
        {
            _clock = sighting.Time > _clock ? sighting.Time : _clock;
            _response.Process(new AgentSeen(sighting.AgentId, sighting.Time, _clock), _done);
        }

        foreach (var sighting in _found.Credentials)
        {
            _clock = sighting.Time > _clock ? sighting.Time : _clock;
            _response.Process(new CredentialSeen(sighting, _clock), _done);
        }

        if (_found.Census is { } census)
        {
            _clock = census.Time > _clock ? census.Time : _clock;
            _response.Process(new FleetReport(0, census, _clock), _done);
        }

        _failures.AddRange(_found.Failures);
        _found.Clear();
        Deliver();
    }

    private void Deliver()
    {
        Orders += _done.Orders.Count(o => o.Action == SuspensionAction.Suspend);
        foreach (var alert in _done.Alerts)
        {
            OnAlert?.Invoke(alert);
        }

        _done.Clear();
    }
}
