using System.Text;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Policy;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests;

/// <summary>The journal's pipeline without its edges. An alert or order that comes again must come alike.</summary>
internal sealed class ResponseRun
{
    private readonly ResponseOptions _options;
    private readonly ResponseOutput _output = new();
    private readonly Dictionary<string, string> _written = new(StringComparer.Ordinal);
    private readonly List<string> _journal = [];

    private readonly AgentRegistry? _registry;
    private readonly ResponsePolicy? _policy;

    internal ResponseRun(ResponseOptions options, AgentRegistry? registry = null, ResponsePolicy? policy = null)
    {
        _options = options;
        _registry = registry;
        _policy = policy;
        Engine = new ResponseEngine(options, State, registry, policy);
    }

    internal ResponseEngine Engine { get; private set; }

    internal VolatileState State { get; private set; } = new();

    /// <summary>Every distinct alert and order in the order in which it first came.</summary>
    internal IEnumerable<string> Outcome => _journal.Select(id => $"{id}: {_written[id]}");

    internal List<Alert> Alerts { get; } = [];

    internal List<SuspensionOrder> Orders { get; } = [];

    internal List<PolicyDecision> Decisions { get; } = [];

    internal IEnumerable<AlertKind> Kinds => Alerts.Select(alert => alert.Kind);

    internal Suspension Suspension => Assert.Single(Engine.Suspensions.Values);

    internal Incident Incident => Assert.Single(Engine.OpenIncidents.Values);

    /// <summary>Feeds entries and tells how many orders they caused.</summary>
    internal int Feed(params JournalEntry[] entries)
    {
        var before = Orders.Count;
        foreach (var entry in entries)
        {
            Engine.Process(entry, _output);
            Take();
        }

        return Orders.Count - before;
    }

    internal void Advance(DateTimeOffset now)
    {
        Engine.Advance(now, _output);
        Take();
    }

    internal void Save() => Engine.Save(State);

    internal void RestartFrom(VolatileState checkpoint)
    {
        State = Some.Copy(checkpoint);
        Engine = new ResponseEngine(_options, State, _registry, _policy);
    }

    private void Take()
    {
        Alerts.AddRange(_output.Alerts);
        Orders.AddRange(_output.Orders);
        Decisions.AddRange(_output.Decisions);
        _output.Alerts.ForEach(alert => Write("alert " + alert.Id, JournalJson.Write(alert)));
        _output.Orders.ForEach(order => Write("order " + order.MessageId, JournalJson.Write(order)));
        _output.Clear();
    }

    private void Write(string id, byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (_written.TryAdd(id, text))
        {
            _journal.Add(id);
            return;
        }

        Assert.Equal(_written[id], text);
    }
}
