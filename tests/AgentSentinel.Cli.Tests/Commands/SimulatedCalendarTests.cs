using AgentSentinel.Cli.Commands;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Simulator;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Cli.Tests.Commands;

public sealed class SimulatedCalendarTests
{
    [Fact]
    public void What_is_announced_in_a_simulation_is_what_the_service_reads()
    {
        using var folder = new TemporaryFolder();
        var simulation = new Simulation(new SimulationOptions
        {
            Agents = 6,
            Incidents = 0,
            Disturbances = 3,
            DisturbanceKinds = [IncidentKind.AnnouncedWork],
            Holidays = [new DateOnly(2026, 1, 20)],
        });
        var path = folder.File("plan.ics");
        File.WriteAllText(path, SimulatedCalendar.Of(simulation));
        var calendar = DeclarationSet.Read(new DeclarationOptions { CalendarFile = path }).Calendar;

        Assert.True(calendar.IsHoliday(new DateOnly(2026, 1, 20)));
        Assert.Equal(3, calendar.Changes.Count);
        Assert.All(simulation.Disturbances, work =>
        {
            Assert.NotNull(calendar.ChangeOf(work.AgentId, work.Start));
            Assert.NotNull(calendar.ChangeOf(work.AgentId, work.End));
            Assert.Null(calendar.ChangeOf(work.AgentId, work.End.AddSeconds(2)));
        });
    }
}
