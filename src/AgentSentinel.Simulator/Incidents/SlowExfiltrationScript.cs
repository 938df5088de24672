using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Fleets;
using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>
/// Low and slow: sessions among the agent's ordinary ones, each with some ordinary calls, one or two larger reads of sensitive datasets
/// of its own domain, and often a message with the spoils to a recipient it never wrote to.
/// </summary>
internal sealed class SlowExfiltrationScript : IIncidentScript
{
    private const double ShortestHours = 8;
    private const double LongestHours = 36;
    private const double MeanGapMinutes = 45;

    // Time for about six visits: a night that happens to begin in the evening would hold one or two.
    private const double LeastActiveHours = 5;
    private const long ActivityStepMs = 15 * Timeline.MinuteMs;
    private const double ActiveShare = 0.2;
    private const double SendShare = 0.6;

    public IncidentKind Kind => IncidentKind.SlowExfiltration;

    public string Name => "slow_exfiltration";

    /// <summary>Hiding among ordinary sessions needs ordinary sessions.</summary>
    public bool Suits(SimulatedAgent agent) => agent.Habit is Habit.OfficeHours or Habit.Diurnal;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random)
    {
        double longestMs = Math.Min(LongestHours * Timeline.HourMs, room.LengthMs);
        double shortestMs = ShortestHours * Timeline.HourMs;
        Period? period = longestMs < shortestMs
            ? null
            : Placement.WhenActive(agent, (long)random.Uniform(shortestMs, longestMs), room, ActiveShare, timeline, random);
        return period is Period found && ActiveMs(agent, found, timeline) >= LeastActiveHours * Timeline.HourMs ? found : null;
    }

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        (SimulatedAgent agent, Period period) = (incident.Agent, incident.Period);
        string[] recipient = [NewRecipient(agent, random)];
        SimulatedTool reading = agent.Design.ReadingTool;
        SimulatedTool sending = agent.Tools.FirstOrDefault(tool => tool.Action == ToolAction.Send) ?? PurposeCatalogue.MailTool;
        bool isFirst = true;
        for (long visit = period.StartMs; visit <= period.EndMs; visit += (long)random.Exponential(MeanGapMinutes * Timeline.MinuteMs) + Timeline.MinuteMs)
        {
            if (!isFirst && !Placement.IsActive(agent, visit, ActiveShare, timeline))
            {
                continue;
            }

            foreach (SimulatedCall call in Visit(new Session(agent, timeline, random), visit, reading, sending, recipient, isFirst, agent, random))
            {
                if (call.Time <= timeline.At(period.EndMs))
                {
                    visit = timeline.MsOf(call.Time);
                    yield return call;
                }
            }

            isFirst = false;
        }
    }

    private static IEnumerable<SimulatedCall> Visit(
        Session session, long ms, SimulatedTool reading, SimulatedTool sending, string[] recipient, bool isFirst, SimulatedAgent agent, SeededRandom random)
    {
        SessionShape shape = agent.Design.Routine.Shape;
        yield return session.Request(ms);
        for (int i = random.Below(3); i > 0; i--)
        {
            ms += shape.DrawPauseMs(random);
            yield return session.Next(ms);
        }

        double enlargement = random.LogUniform(3, 8);
        for (int i = 1 + random.Below(2); i > 0; i--)
        {
            ms += shape.DrawPauseMs(random);
            SimulatedCall read = session.Call(ms, reading, [random.Pick(agent.Design.Purpose.SensitiveDatasets)]);
            yield return Session.Enlarged(read, enlargement) with { IsAttackCall = true };
        }

        if (isFirst || random.Chance(SendShare))
        {
            ms += shape.DrawPauseMs(random);
            SimulatedCall send = session.Call(ms, sending, recipient);
            yield return send with { RequestBytes = (long)(send.RequestBytes * random.LogUniform(3, 15)), IsAttackCall = true };
        }
    }

    private static long ActiveMs(SimulatedAgent agent, Period period, Timeline timeline)
    {
        long active = 0;
        for (long ms = period.StartMs; ms < period.EndMs; ms += ActivityStepMs)
        {
            active += Placement.IsActive(agent, ms, ActiveShare, timeline) ? ActivityStepMs : 0;
        }

        return active;
    }

    private static string NewRecipient(SimulatedAgent agent, SeededRandom random)
    {
        while (true)
        {
            string name = RecipientNames.Draw(random);
            if (!agent.Design.Recipients.Has(name))
            {
                return name;
            }
        }
    }
}
