using System.Globalization;
using System.Text.Json;
using AgentSentinel.Core;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;

namespace AgentSentinel.Service.Live;

/// <summary>
/// The journal folded once more, in memory only, on every instance: so that each can say who is suspended and what happens, wherever the response line
/// runs just now, and even while it runs nowhere. Owned by the <see cref="JournalFollower"/>; one thread, but for what says otherwise.
/// </summary>
/// <remarks>
/// It begins with what the response line last saved and takes each entry under the terms that the line noted for it (<see cref="ResponseEras"/>). Should it
/// have taken an entry before the line came to it under other terms, it begins anew from what the line saved.
/// </remarks>
internal sealed class JournalFold
{
    private readonly string _configured;
    private readonly string _path;
    private readonly DecisionTable _table;
    private readonly CurrentRegistry _registry;
    private readonly CurrentDismissals _dismissals;
    private readonly LiveFeed _feed;
    private readonly CommandOutcomes _outcomes;
    private readonly TimeProvider _time;
    private readonly ResponseOutput _output = new();
    private readonly SortedDictionary<string, (string AgentId, SuspensionState State)> _suspensions = new(StringComparer.Ordinal);

    // Held while the engine changes: others may ask it.
    private readonly Lock _gate = new();

    private VolatileState _state = new();
    private IReadOnlyList<(long FromOffset, string Terms)> _eras = [];
    private ResponseEngine _engine;
    private string _inForce;
    private (long Offset, int Number) _lastEvent = (-1, 0);
    private bool _wasAtEnd;
    private IReadOnlyList<RegistryEntry>? _registryTold;
    private bool _areStrangersTold;
    private volatile LiveStatus? _status;

    public JournalFold(SentinelOptions options, DeclarationSet declared, DecisionTable table, CurrentRegistry registry, CurrentDismissals dismissals, LiveFeed feed, CommandOutcomes outcomes, TimeProvider time)
    {
        _configured = ResponseTerms.Of(options.Response, declared).ToText();
        _path = Path.Combine(options.Checkpoints.Folder, CheckpointStore.FileName(options.Kafka.JournalTopic, 0));
        _table = table;
        _registry = registry;
        _dismissals = dismissals;
        _feed = feed;
        _outcomes = outcomes;
        _time = time;
        _inForce = _configured;
        _engine = ResponseTerms.FromText(_inForce).CreateEngine(_state);
    }

    /// <summary>Offset of the entry that comes next; null for the journal's beginning.</summary>
    public long? NextOffset { get; private set; }

    /// <summary>Where things stand; null before the journal was read to its end. Any thread.</summary>
    public LiveStatus? Status => _status;

    /// <summary>What an agent and its latest sessions are at risk of at this moment. Any thread.</summary>
    public RiskNow RiskOf(string agentId)
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            return new RiskNow(now, _engine.RiskOf(agentId, now), [.. _engine.SessionsAtRisk(agentId).Select(s => new SessionRisk(s, _engine.RiskOf(agentId, s, now)))]);
        }
    }

    /// <summary>Begins anew with what the response line has saved.</summary>
    /// <exception cref="MemoryFormatException">It is of another version.</exception>
    public void Begin()
    {
        lock (_gate)
        {
            BeginAnew();
        }
    }

    /// <summary>Looks whether the response line works under other terms by now.</summary>
    /// <returns>False when entries were taken under terms that were not the line's: then <see cref="Begin"/> has to be called.</returns>
    public bool Agrees()
    {
        var eras = ResponseEras.Read(_path);
        var isAhead = !eras.SequenceEqual(_eras) && eras.Any(era => era.FromOffset < (NextOffset ?? 0) && UsedEras.At(_eras, era.FromOffset) is var used && (used ?? _configured) != era.Terms);
        _eras = eras;
        return !isAhead;
    }

    /// <summary>Takes an entry. What follows from it is told at <see cref="Publish"/>, commands and alerts at once.</summary>
    public void Take(long offset, ReadOnlySpan<byte> utf8)
    {
        Follow(UsedEras.At(_eras, offset) ?? _configured);
        NextOffset = offset + 1;

        // What cannot be read is the response line's to report.
        if (!JournalJson.TryRead(utf8, out var entry, out _))
        {
            return;
        }

        var (alerts, orders) = (_output.Alerts.Count, _output.Orders.Count);
        lock (_gate)
        {
            _engine.Process(entry!, _output);
        }

        if (_output.Orders.Count > orders)
        {
            Offer();
        }

        _areStrangersTold = _areStrangersTold && entry is not (AgentSeen or RegistryChange);
        if (entry is OperatorCommand command)
        {
            var outcome = OutcomeOf(command, _output.Alerts.Skip(alerts).ToList());
            _outcomes.Note(outcome);
            Tell(offset, "command", JsonSerializer.SerializeToUtf8Bytes(outcome, LiveJson.Options));
        }
    }

    /// <summary>Lets time go on, and tells what has changed.</summary>
    /// <param name="isAtEnd">Whether the journal holds nothing more at this moment.</param>
    public void Publish(bool isAtEnd)
    {
        var orders = _output.Orders.Count;
        if (isAtEnd)
        {
            lock (_gate)
            {
                _engine.Advance(_time.GetUtcNow() - ResponseWorker.LongestAppend, _output);
            }
        }

        if (_output.Orders.Count > orders || (isAtEnd && !_wasAtEnd))
        {
            Offer();
            _wasAtEnd = _wasAtEnd || isAtEnd;
        }

        var offset = (NextOffset ?? 0) - 1;
        foreach (var alert in _output.Alerts)
        {
            Tell(offset, "alert", JournalJson.Write(alert));
        }

        TellSuspensions(offset);
        _output.Clear();

        // The engine's notes of what has changed are given up here, and its memory is at hand should the terms change.
        _engine.Save(_state);
        if (_wasAtEnd)
        {
            TellRegistry();
            _dismissals.Tell(_engine.Dismissals);
            _status = StatusNow();
        }
    }

    private void BeginAnew()
    {
        var seed = JournalSeed.Read(_path);
        _eras = ResponseEras.Read(_path);
        (_state, NextOffset) = (seed.State, seed.NextOffset);
        _inForce = UsedEras.At(_eras, NextOffset ?? 0) ?? _configured;
        _engine = ResponseTerms.FromText(_inForce).CreateEngine(_state);
        (_wasAtEnd, _registryTold, _areStrangersTold) = (false, null, false);
    }

    private void Follow(string terms)
    {
        if (terms != _inForce)
        {
            lock (_gate)
            {
                _engine.Save(_state);
                _inForce = terms;
                _engine = ResponseTerms.FromText(terms).CreateEngine(_state);
            }
        }
    }

    /// <summary>Only once the journal was read to its end: what is older than what a partition has taken over already would be taken back for a moment.</summary>
    private void TellRegistry()
    {
        if (!ReferenceEquals(_registryTold, _engine.RegistryEntries))
        {
            _registryTold = _engine.RegistryEntries;
            _registry.Amend(new RegistryAmendments(NextOffset ?? 0, _registryTold));
        }

        if (!_areStrangersTold || _registry.Unregistered.Count != _engine.UnregisteredAgents.Count)
        {
            _areStrangersTold = true;
            _registry.Tell([.. _engine.UnregisteredAgents.Values.Select(u => u.Copy())]);
        }
    }

    private void Offer() => _table.Offer(_engine, NextOffset ?? 0);

    private CommandOutcome OutcomeOf(OperatorCommand command, List<Alert> alerts)
    {
        // A verdict may change what is known without anything to tell of.
        var isDone = alerts.Count > 0 || (command.Command == OperatorCommandKind.Verdict && _engine.VerdictOn(command.Target) == command.Verdict)
            || command.Command == OperatorCommandKind.Erase;
        return new CommandOutcome(
            command,
            isDone ? CommandState.Done : CommandState.NoEffect,
            [.. alerts.Select(a => a.Summary)],
            [.. alerts.Select(a => a.SuspensionId).OfType<string>().Distinct()]);
    }

    private void TellSuspensions(long offset)
    {
        foreach (var (id, suspension) in _engine.Suspensions)
        {
            if (!_suspensions.TryGetValue(id, out var known) || known.State != suspension.State)
            {
                _suspensions[id] = (suspension.AgentId, suspension.State);
                TellSuspension(offset, id, suspension.AgentId, suspension.State.ToString());
            }
        }

        foreach (var (id, known) in _suspensions.Where(s => !_engine.Suspensions.ContainsKey(s.Key)).ToList())
        {
            _suspensions.Remove(id);
            TellSuspension(offset, id, known.AgentId, known.State == SuspensionState.Proposed ? "Withdrawn" : "Ended");
        }
    }

    private void TellSuspension(long offset, string id, string agentId, string state) => Tell(
        offset,
        "suspension",
        JsonSerializer.SerializeToUtf8Bytes(new SuspensionChange(id, agentId, JsonNamingPolicy.SnakeCaseLower.ConvertName(state)), LiveJson.Options));

    private void Tell(long offset, string kind, byte[] json)
    {
        _lastEvent = _lastEvent.Offset == offset ? (offset, _lastEvent.Number + 1) : (offset, 0);
        _feed.Tell(new FeedEvent(string.Create(CultureInfo.InvariantCulture, $"{offset}.{_lastEvent.Number}"), kind, json));
    }

    private LiveStatus StatusNow() => new(
        NextOffset ?? 0,
        _engine.FleetSize,
        _engine.OpenIncidents.Values.CountBy(i => i.Severity).ToDictionary(),
        _engine.Suspensions.Values.Count(s => s.State == SuspensionState.Proposed),
        _engine.Suspensions.Values.Count(s => s.IsInForce),
        [.. _engine.DisarmedOwners],
        _engine.UnregisteredAgents.Count);

    private sealed record SuspensionChange(string Id, string AgentId, string State);
}
