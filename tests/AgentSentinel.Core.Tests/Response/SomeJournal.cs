using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Policy;

namespace AgentSentinel.Core.Tests.Response;

/// <summary>A journal drawn from a seed: anomalies, commands and reports in sensible and senseless order, repeats, writers whose clocks differ.</summary>
internal static class SomeJournal
{
    /// <summary>Two owners, groups of two, a protected family; half of the agents are registered.</summary>
    internal static readonly AgentRegistry Registry = new(
    [
        .. Enumerable.Range(0, 6).Select(i => new RegisteredAgent($"agent-{i}") { Owner = $"owner-{i % 2}", PeerGroup = $"group-{i / 2}", Credentials = [$"key-{i}"] }),
        new RegisteredAgent("agent-7*") { IsProtected = true },
    ]);

    internal static readonly ResponsePolicy Policy = new("test-1",
    [
        new PolicyRule("sessions", new PolicyConditions { Severity = Severity.High, Groups = ["group-0"] }, ResponseStep.SuspendSession) { Duration = TimeSpan.FromMinutes(20) },
        new PolicyRule("credentials", new PolicyConditions { Severity = Severity.Medium, Detectors = ["nov*"], Agents = ["agent-*"] }, ResponseStep.SuspendCredential),
        new PolicyRule("ask", new PolicyConditions { Risk = 6, Sensitivity = Sensitivity.Restricted }, ResponseStep.Propose),
        new PolicyRule("severe", new PolicyConditions { Severity = Severity.High }, ResponseStep.SuspendAgent),
    ])
    {
        Modes = [new GroupMode(["group-2"], SuspensionMode.Approve)],
    };

    private static readonly string[] Detectors = ["volume", "novelty", "tool-mix"];

    /// <summary>Commands and reports name what a first pass over the anomalies brings up, so that most of them meet something.</summary>
    internal static List<JournalEntry> Draw(int seed, int length, ResponseOptions options)
    {
        var random = new Random(seed);
        var entries = new List<JournalEntry>();
        var scout = new ResponseRun(options, Registry, Policy);
        var time = Some.Monday;
        while (entries.Count < length)
        {
            time = time.AddSeconds(random.Next(random.Next(30) == 0 ? 20_000 : 120));
            var entry = Draw(random, entries, scout, time.AddSeconds(-random.Next(30)));
            scout.Feed(entry);
            entries.Add(entry);
        }

        return entries;
    }

    private static JournalEntry Draw(Random random, List<JournalEntry> before, ResponseRun scout, DateTimeOffset time)
    {
        var agent = $"agent-{random.Next(12)}";
        var suspensions = scout.Engine.Suspensions.Keys.ToArray();
        var incidents = scout.Engine.OpenIncidents.Values.ToArray();
        var suspension = suspensions.Length == 0 || random.Next(10) == 0 ? "sus_unknown" : suspensions[random.Next(suspensions.Length)];
        var incident = incidents.Length == 0 || random.Next(10) == 0 ? "inc_unknown" : incidents[random.Next(incidents.Length)].Id;
        var actor = random.Next(3) == 0 ? "liam" : "emma";
        return random.Next(26) switch
        {
            0 when before.Count > 0 => before[^random.Next(1, Math.Min(before.Count, 200) + 1)],
            1 => Some.FleetReport(random.Next(200), time, random.Next(3)),
            2 => Some.Command(OperatorCommandKind.Suspend, agent, time) with
            {
                Actor = actor,
                Part = random.Next(2) == 0 ? null : new SuspensionTarget((SuspensionTargetKind)random.Next(3), $"key-{random.Next(6)}"),
            },
            3 => Some.Command(OperatorCommandKind.Lift, suspension, time),
            4 or 20 => Some.Command(OperatorCommandKind.Approve, suspension, time) with { Actor = actor },
            5 => Some.Command(OperatorCommandKind.Dismiss, incident, time),
            21 => Some.Command(OperatorCommandKind.Verdict, random.Next(2) == 0 ? suspension : incident, time) with { Verdict = (Verdict)random.Next(2) },
            22 when random.Next(5) == 0 => Some.Command(OperatorCommandKind.Disarm, random.Next(2) == 0 ? "owner-1" : "*", time),
            22 => Some.Command(OperatorCommandKind.Arm, "", time),
            23 => new AgentSeen($"\u0430gent-{random.Next(30)}", time, time),
            24 when random.Next(4) == 0 => new RegistryChange(
                $"change-{time.UtcTicks}",
                time,
                agent,
                random.Next(2) == 0 ? null : new RegisteredAgent(agent) { Owner = "owner-1", Scope = new AgentScope { Tools = ["crm.*"] }, Substitute = "agent-0" },
                "emma",
                "because"),
            6 or 7 or 8 => Some.Report(
                random.Next(4) switch { 0 or 1 => suspension, 2 => suspension + "_lift", _ => "something" },
                suspension,
                (DeliveryOutcome)random.Next(3),
                time,
                random.Next(1, 50)) with
            {
                Verification = random.Next(5) is > 0 and var outcome ? (VerificationOutcome)(outcome - 1) : null,
                ResidualAccess = random.Next(3) == 0 ? TimeSpan.FromMinutes(random.Next(60)) : null,
            },
            _ => Found(random, time, agent),
        };
    }

    private static AnomalyFound Found(Random random, DateTimeOffset time, string agent)
    {
        var found = Some.AnomalyFound(time, agent, Detectors[random.Next(3)], 2 + (6 * random.NextDouble()), $"key-{random.Next(15)}");
        return found with
        {
            Anomaly = found.Anomaly with
            {
                SessionId = random.Next(8) == 0 ? null : $"s{random.Next(2)}",
                Sensitivity = random.Next(5) is > 0 and var label ? (Sensitivity)(label - 1) : null,
                IsOfFailedCalls = random.Next(4) == 0,
            },
        };
    }
}
