using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;

namespace AgentSentinel.Service.Tests.History;

/// <summary>A journal drawn from a seed: anomalies, commands and reports in sensible and senseless order, repeats, long pauses.</summary>
internal static class SomeJournal
{
    internal static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    internal static readonly ResponseOptions Policy = new()
    {
        Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, MaxPerHour = 3, MinimumHistory = TimeSpan.Zero, ProtectedAgents = ["agent-1*"] },
    };

    internal static AnomalyFound Anomaly(DateTimeOffset at, string agent = "agent-1", string detector = "volume", double score = 4, string credential = "key-1") => new(
        new Anomaly(
            $"{agent}/{detector}/{at.UtcTicks}", agent, at, at.AddSeconds(-at.Second), at.AddSeconds(60 - at.Second),
            new Evidence(detector, "calls_per_1_minute", "calls in 1 minute", 60, 0.5, 9.5, score + 3, Math.Pow(10, score), score, "crm.read", $"60 calls, says {detector}"),
            "c1", "s1", credential, "v1", Start.AddDays(-30)),
        at,
        "calls/0/17");

    internal static List<JournalEntry> Draw(int seed, int length)
    {
        var random = new Random(seed);
        var entries = new List<JournalEntry>();
        var (engine, output) = (new ResponseEngine(Policy, new VolatileState()), new ResponseOutput());
        var time = Start;
        while (entries.Count < length)
        {
            time = time.AddSeconds(random.Next(random.Next(30) == 0 ? 20_000 : 120));
            var suspensions = engine.Suspensions.Keys.ToArray();
            var incidents = engine.OpenIncidents.Values.ToArray();
            var suspension = suspensions.Length == 0 || random.Next(10) == 0 ? "sus_unknown" : suspensions[random.Next(suspensions.Length)];
            var incident = incidents.Length == 0 || random.Next(10) == 0 ? "inc_unknown" : incidents[random.Next(incidents.Length)].Id;
            var agent = $"agent-{random.Next(12)}";
            JournalEntry entry = random.Next(20) switch
            {
                0 when entries.Count > 0 => entries[^random.Next(1, Math.Min(entries.Count, 200) + 1)],
                1 => new FleetReport(random.Next(3), new FleetCensus(time, 1_000), time),
                2 => Command(OperatorCommandKind.Suspend, agent, time),
                3 => Command(OperatorCommandKind.Lift, suspension, time),
                4 => Command(OperatorCommandKind.Approve, suspension, time),
                5 => Command(OperatorCommandKind.Dismiss, incident, time),
                6 or 7 or 8 => Report(random.Next(4) switch { 0 or 1 => suspension, 2 => suspension + "_lift", _ => "something" }, suspension, (DeliveryOutcome)random.Next(3), time),
                _ => Anomaly(time, agent, random.Next(2) == 0 ? "volume" : "novelty", 2 + (6 * random.NextDouble()), $"key-{random.Next(15)}"),
            };
            engine.Process(entry, output);
            entries.Add(entry);
        }

        return entries;
    }

    private static OperatorCommand Command(OperatorCommandKind command, string target, DateTimeOffset at) => new($"cmd-{command}-{target}-{at.UtcTicks}", at, command, target, "emma", "because");

    private static DeliveryReport Report(string messageId, string suspensionId, DeliveryOutcome outcome, DateTimeOffset at) =>
        new($"{messageId}/{outcome}/{at.UtcTicks}", at, messageId, suspensionId, outcome, 2, "http_503");
}
