using AgentSentinel.Core.Response;

namespace AgentSentinel.Core.Tests.Response;

/// <summary>A journal drawn from a seed: anomalies, commands and reports in sensible and senseless order, repeats, writers whose clocks differ.</summary>
internal static class SomeJournal
{
    private static readonly string[] Detectors = ["call-rate", "first-use", "failure-ratio"];

    /// <summary>Commands and reports name what a first pass over the anomalies brings up, so that most of them meet something.</summary>
    internal static List<JournalEntry> Draw(int seed, int length, ResponseOptions options)
    {
        var random = new Random(seed);
        var entries = new List<JournalEntry>();
        var scout = new ResponseRun(options);
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
        return random.Next(20) switch
        {
            0 when before.Count > 0 => before[^random.Next(1, Math.Min(before.Count, 200) + 1)],
            1 => Some.FleetReport(random.Next(200), time, random.Next(3)),
            2 => Some.Command(OperatorCommandKind.Suspend, agent, time),
            3 => Some.Command(OperatorCommandKind.Lift, suspension, time),
            4 => Some.Command(OperatorCommandKind.Approve, suspension, time),
            5 => Some.Command(OperatorCommandKind.Dismiss, incident, time),
            6 or 7 or 8 => Some.Report(
                random.Next(4) switch { 0 or 1 => suspension, 2 => suspension + "_lift", _ => "something" },
                suspension,
                (DeliveryOutcome)random.Next(3),
                time,
                random.Next(1, 50)),
            _ => Some.AnomalyFound(time, agent, Detectors[random.Next(3)], 2 + (6 * random.NextDouble()), $"key-{random.Next(15)}"),
        };
    }
}
