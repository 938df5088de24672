using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detection;

/// <summary>A partition's pipeline without its edges: inputs in, journal out, checkpoints between. An entry that comes again must come alike.</summary>
internal sealed class DetectionRun
{
    private readonly DetectionOutput _output = new() { Windows = [] };
    private readonly Dictionary<(string Agent, WindowDimension Dimension, string Name, bool IsRest, DateTimeOffset Start), WindowValue> _windows = [];
    private readonly Dictionary<string, byte[]> _written = new(StringComparer.Ordinal);
    private readonly List<string> _journal = [];
    private DetectionEngine _engine;

    internal DetectionRun() => _engine = Create();

    internal VolatileState State { get; private set; } = new();

    /// <summary>Distinct entries in the order in which they first came.</summary>
    internal IEnumerable<string> Journal => _journal.Select(id => id + ": " + System.Text.Encoding.UTF8.GetString(_written[id]));

    internal IEnumerable<JournalEntry> Entries => _journal.Select(id =>
    {
        Assert.True(JournalJson.TryRead(_written[id], out var entry, out var error), error);
        return entry!;
    });

    /// <summary>What charts were given.</summary>
    internal IReadOnlyCollection<WindowValue> Windows => _windows.Values;

    internal int Repeats { get; private set; }

    /// <summary>What the pipeline is given: a call, or null when only time goes on.</summary>
    internal readonly record struct Input(ToolCall? Call, DateTimeOffset ReceivedAt);

    internal void Feed(Input input)
    {
        _output.Clear();
        if (input.Call is { } call)
        {
            _engine.Process(call, input.ReceivedAt, _output);
        }
        else
        {
            _engine.Advance(input.ReceivedAt, _output);
        }

        foreach (var anomaly in _output.Anomalies)
        {
            Write(new AnomalyFound(anomaly, input.ReceivedAt));
        }

        if (_output.Census is { } census)
        {
            Write(new FleetReport(3, census, input.ReceivedAt));
        }

        foreach (var value in _output.Windows!)
        {
            var key = (value.AgentId, value.Dimension, value.Name, value.IsRest, value.Start);
            if (!_windows.TryAdd(key, value))
            {
                Assert.Equal(_windows[key], value);
            }
        }
    }

    internal void Save() => _engine.Save(State);

    /// <summary>The process dies and another one goes on from a checkpoint.</summary>
    internal void RestartFrom(VolatileState checkpoint)
    {
        State = Some.Copy(checkpoint);
        _engine = Create();
    }

    private DetectionEngine Create() =>
        Some.DetectionEngine(new DetectionOptions { MaxLiveProfiles = 100 }, [.. Some.Detectors(), new ThrowingDetector("bad")], State);

    private void Write(JournalEntry entry)
    {
        var bytes = JournalJson.Write(entry);
        if (_written.TryAdd(entry.Id, bytes))
        {
            _journal.Add(entry.Id);
            return;
        }

        Repeats++;
        Assert.Equal(System.Text.Encoding.UTF8.GetString(_written[entry.Id]), System.Text.Encoding.UTF8.GetString(bytes));
    }
}
