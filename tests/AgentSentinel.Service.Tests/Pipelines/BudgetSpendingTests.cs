using System.Diagnostics.Metrics;
using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSentinel.Service.Tests.Pipelines;

public sealed class BudgetSpendingTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DeclarationSet Declared = new(new AgentRegistry([new RegisteredAgent("crm-*") { PeerGroup = "sales" }]), WorkCalendar.Empty, null);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _counted = new(StringComparer.Ordinal);
    private readonly BudgetSpending _spending;
    private readonly ResponseOutput _output = new();

    public BudgetSpendingTests()
    {
        var meters = new SentinelMeters(_services.GetRequiredService<IMeterFactory>());
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name.StartsWith("sentinel.budget.", StringComparison.Ordinal) && ReferenceEquals(instrument.Meter.Scope, _services.GetRequiredService<IMeterFactory>()))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Count(instrument, value, tags));
        _listener.Start();
        _spending = new BudgetSpending(new ResponseEngine(new ResponseOptions(), new VolatileState(), Declared.Registry), new SentinelOptions(), Declared, meters);
    }

    [Fact]
    public void A_detector_spends_once_in_an_incident_however_often_it_fires()
    {
        Feed(Found("crm-1", 0, "volume"), Found("crm-1", 1, "volume"), Found("crm-1", 2, "novelty"), Found("crm-1", 200, "volume"));

        Assert.Equal(2, Spent("volume", "sales"));
        Assert.Equal(1, Spent("novelty", "sales"));
    }

    [Fact]
    public void Agents_of_no_declared_group_are_counted_together()
    {
        Feed(Found("hr-1", 0, "volume"), Found("hr-2", 0, "volume"));

        Assert.Equal(2, Spent("volume", "other"));
    }

    [Fact]
    public void The_same_entry_again_and_what_a_planned_change_explains_cost_nothing()
    {
        var found = Found("crm-1", 0, "volume");
        var planned = Found("crm-2", 0, "volume");
        Feed(found, found, planned with { Anomaly = planned.Anomaly with { Evidence = planned.Anomaly.Evidence with { PlannedChange = "migration" } } });

        Assert.Equal(1, Spent("volume", "sales"));
    }

    [Fact]
    public void A_month_of_one_active_agent_allows_the_detectors_share_of_the_budget()
    {
        for (var hour = 0; hour < 30 * 24; hour++)
        {
            Feed(new FleetReport(0, new FleetCensus(Now.AddHours(hour), 1), Now.AddHours(hour)));
        }

        // One false alert per agent and 30 days is the default.
        Assert.All(LineDetectors.Create(new SentinelOptions(), Declared), detector =>
            Assert.Equal(detector.BudgetShare, _counted[$"sentinel.budget.allowed {detector.Name} "], 1e-9));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private static AnomalyFound Found(string agent, int minute, string detector)
    {
        var at = Now.AddMinutes(minute);
        var evidence = new Evidence(detector, "calls", "calls", 9, 0, 1, 5, 100, 2, null, "many");
        return new AnomalyFound(new Anomaly($"{agent}/{detector}/{minute}", agent, at, at, at.AddMinutes(1), evidence, null, null, null, null, at.AddDays(-30)), at);
    }

    private void Feed(params JournalEntry[] entries)
    {
        foreach (var entry in entries)
        {
            _spending.Process(entry, _output);
            _output.Clear();
        }
    }

    private double Spent(string detector, string group) => _counted.GetValueOrDefault($"sentinel.budget.spent {detector} {group}");

    private void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (detector, group) = ("", "");
        foreach (var (key, tag) in tags)
        {
            (detector, group) = key == "detector" ? ((string)tag!, group) : (detector, (string)tag!);
        }

        var name = $"{instrument.Name} {detector} {group}";
        _counted[name] = _counted.GetValueOrDefault(name) + value;
    }
}
