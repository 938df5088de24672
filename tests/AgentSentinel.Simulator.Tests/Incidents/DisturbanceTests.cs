using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator.Tests.Incidents;

/// <summary>What looks like trouble and is none.</summary>
public sealed class DisturbanceTests
{
    private static readonly SimulationOptions Options = new()
    {
        Agents = 12,
        Kinds = [Habit.Diurnal, Habit.Steady],
        Duration = TimeSpan.FromDays(10),
        QuietFor = TimeSpan.FromDays(5),
        Incidents = 0,
        Disturbances = 12,
    };

    private static readonly Simulation Simulation = new(Options);
    private static readonly SimulatedCall[] Calls = [.. Simulation.Calls()];

    [Fact]
    public void They_are_labelled_benign_and_are_no_incidents()
    {
        Assert.Empty(Simulation.Incidents);
        Assert.Equal(12, Simulation.Disturbances.Count);
        Assert.Equal(4, Simulation.Disturbances.Select(disturbance => disturbance.Kind).Distinct().Count());
        Assert.All(Calls, call => Assert.False(call.IsAttackCall || call.Incident is not null));
        Assert.All(Simulation.Disturbances, disturbance => Assert.Contains(Calls, call => call.Disturbance == disturbance));
    }

    [Fact]
    public void They_do_not_change_what_other_agents_do()
    {
        HashSet<string> disturbed = [.. Simulation.Disturbances.Select(disturbance => disturbance.AgentId)];
        Simulation quiet = new(Options with { Disturbances = 0, Agents = 12 });

        Assert.Equal(
            quiet.Calls().Where(call => !disturbed.Contains(call.AgentId)).Select(call => call.Id),
            Calls.Where(call => !disturbed.Contains(call.AgentId)).Select(call => call.Id));
    }

    [Fact]
    public void An_agent_that_catches_up_is_silent_and_then_does_what_it_missed()
    {
        Assert.All(Of(IncidentKind.CatchUp), disturbance =>
        {
            DateTimeOffset awake = disturbance.Start + (0.75 * (disturbance.End - disturbance.Start));
            SimulatedCall[] during = During(disturbance);
            Assert.DoesNotContain(during, call => call.Time < awake - TimeSpan.FromSeconds(1));
            Assert.InRange(during.Length, 1, int.MaxValue);
        });
    }

    [Fact]
    public void Held_back_telemetry_arrives_in_one_piece_after_newer_calls_of_others()
    {
        Assert.All(Of(IncidentKind.LateDelivery), disturbance =>
        {
            int[] positions = [.. Calls.Index().Where(at => at.Item.Disturbance == disturbance).Select(at => at.Index)];
            Assert.Equal(positions.Length - 1, positions[^1] - positions[0]);
            Assert.True(positions[0] == 0 || Calls[positions[0] - 1].Time <= disturbance.End);
            Assert.All(Calls[(positions[^1] + 1)..], call => Assert.False(call.AgentId == disturbance.AgentId && call.Time < disturbance.End));
        });
        Assert.Contains(Calls.Zip(Calls.Skip(1)), pair => pair.Second.Time < pair.First.Time);
    }

    [Fact]
    public void Without_held_back_telemetry_calls_come_in_order_of_time()
    {
        Simulation punctual = new(Options with { DisturbanceKinds = [IncidentKind.CatchUp, IncidentKind.RetryStorm, IncidentKind.AnnouncedWork] });
        DateTimeOffset last = DateTimeOffset.MinValue;
        Assert.All(punctual.Calls(), call =>
        {
            Assert.True(call.Time >= last);
            last = call.Time;
        });
    }

    [Fact]
    public void In_a_retry_storm_most_calls_fail_and_are_tried_again()
    {
        Assert.All(Of(IncidentKind.RetryStorm), disturbance =>
        {
            SimulatedCall[] tries = [.. During(disturbance).Where(call => call.Disturbance == disturbance && call.Tool is not null)];
            Assert.InRange(tries.Count(call => call.Status != CallStatus.Ok) / (double)tries.Length, 0.7, 1);
            Assert.InRange(tries.Zip(tries.Skip(1)).Count(pair => pair.First.Tool == pair.Second.Tool && pair.First.RequestBytes == pair.Second.RequestBytes), tries.Length / 3, tries.Length);
        });
    }

    [Fact]
    public void Benign_kinds_and_incidents_are_asked_for_apart()
    {
        Assert.Contains("catch_up is benign", Assert.Single((Options with { IncidentKinds = [IncidentKind.CatchUp] }).Errors()), StringComparison.Ordinal);
        Assert.Contains("drift is not benign", Assert.Single((Options with { DisturbanceKinds = [IncidentKind.Drift] }).Errors()), StringComparison.Ordinal);
        Assert.Contains("content only", Assert.Single((Options with { IncidentKinds = [IncidentKind.SecretLeak] }).Errors()), StringComparison.Ordinal);
    }

    private static PlannedIncident[] Of(IncidentKind kind)
    {
        PlannedIncident[] found = [.. Simulation.Disturbances.Where(disturbance => disturbance.Kind == kind)];
        Assert.NotEmpty(found);
        return found;
    }

    private static SimulatedCall[] During(PlannedIncident disturbance) =>
        [.. Calls.Where(call => call.AgentId == disturbance.AgentId && call.Time >= disturbance.Start && call.Time <= disturbance.End)];
}
