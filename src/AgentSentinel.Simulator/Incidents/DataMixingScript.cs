using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Fleets;
using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Incidents;

/// <summary>Sessions that read a sensitive dataset and then send, or write where everybody can read; to recipients and datasets the agent knows well.</summary>
internal sealed class DataMixingScript : IIncidentScript
{
    private const double ActiveShare = 0.3;

    public IncidentKind Kind => IncidentKind.DataMixing;

    public string Name => "data_mixing";

    /// <summary>Not to those whose job it is.</summary>
    public bool Suits(SimulatedAgent agent) => !agent.Design.MixesData;

    public Period? Place(SimulatedAgent agent, Period room, Timeline timeline, SeededRandom random) =>
        Placement.WhenActive(agent, (long)(random.Uniform(15, 60) * Timeline.MinuteMs), room, ActiveShare, timeline, random);

    public IEnumerable<SimulatedCall> Calls(ScheduledIncident incident, Timeline timeline, SeededRandom random)
    {
        (SimulatedAgent agent, Period period) = (incident.Agent, incident.Period);
        SimulatedTool[] outlets = [.. agent.Tools.Where(tool => tool.Action == ToolAction.Send || tool is { Action: ToolAction.Write, Target: ToolTarget.Dataset })];
        int sessions = 3 + random.Below(4);
        for (int i = 0; i < sessions; i++)
        {
            // One session in each of as many equal parts, cut off where the next one begins.
            long ms = period.StartMs + (i * period.LengthMs / sessions);
            long until = period.StartMs + ((i + 1) * period.LengthMs / sessions) - 1;
            Session session = new(agent, timeline, random);
            yield return session.Request(ms);
            if (random.Chance(0.5) && Next(ref ms, until))
            {
                yield return session.Use(ms, agent.Design.ReadingTool);
            }

            Next(ref ms, until);
            yield return session.Call(ms, agent.Design.ReadingTool, [random.Pick(agent.Design.Purpose.SensitiveDatasets)]);
            Next(ref ms, until);
            SimulatedTool outlet = outlets.Length == 0 ? PurposeCatalogue.MailTool : random.Pick(outlets);
            yield return session.Call(ms, outlet, [Place(outlet)]) with { IsAttackCall = true };
        }

        // The most used of each: what is new about the call is only where the data comes from.
        string Place(SimulatedTool outlet) => outlet.Target == ToolTarget.Recipient ? agent.Recipients[0].Name : agent.Datasets[0].Name;

        bool Next(ref long ms, long until)
        {
            ms = Math.Min(ms + agent.Design.Routine.Shape.DrawPauseMs(random), until);
            return ms < until;
        }
    }
}
