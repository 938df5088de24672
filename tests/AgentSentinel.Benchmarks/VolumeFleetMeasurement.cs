using System.Diagnostics;
using System.Globalization;
using AgentSentinel.Core.Detectors.Volume;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What the calls channel promises and what it finds, on a <see cref="CountFleet"/>: false alerts for each habit on quiet lives, then the share of injected
/// incidents that raise an alarm while they last. Arguments: seed, agents, false alerts that are promised for an agent and 30 days, minutes between incidents.
/// </summary>
internal static class VolumeFleetMeasurement
{
    private const int Days = 44;
    private const int LearningDays = 14;
    private const int Minutes = Days * 1440;

    private static readonly DateTimeOffset Begin = new(2025, 3, 3, 0, 0, 0, TimeSpan.Zero);

    private static readonly Incident[] Incidents =
    [
        new("burst x10", 30, 9, false),
        new("burst x3", 60, 2, false),
        new("off-hours", 60, 0, true),
        new("drift +50 %", 360, 0.5, false),
    ];

    public static int Run(string[] args)
    {
        var seed = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var agents = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 160;
        var promise = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 1;
        var pause = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 7 * 1440;
        var fleet = new CountFleet(seed, Days);
        var alerts = new List<(CountHabit Habit, int Settled, int Young)>();
        var found = new Dictionary<(string Incident, CountHabit Habit), (int Found, int Tried)>();
        var delays = new List<int>();
        var watch = new Stopwatch();
        for (var number = 0; number < agents; number++)
        {
            var agent = fleet.Agent(number);
            watch.Start();
            var (settled, young) = Quiet(agent, promise);
            watch.Stop();
            alerts.Add((agent.Habit, settled, young));
            Attack(agent, new Random(unchecked((seed * 7919) + number)), promise, pause, found, delays);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fleet of {agents} agents, seed {seed}, promise {promise} a month; {1e6 * watch.Elapsed.TotalSeconds / ((long)agents * Minutes):0.00} µs a minute, drawn lives apart"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"false alerts per agent and 30 days {alerts.Average(a => a.Settled):0.00}; agents with more than 3: {100.0 * alerts.Count(a => a.Settled > 3) / agents:0.0} %; days 1 to 13: {alerts.Average(a => a.Young) * 30 / 13:0.00}"));
        Console.WriteLine("  " + string.Join("  ", alerts.GroupBy(a => a.Habit).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key} {g.Average(a => a.Settled):0.00}"))));
        foreach (var incident in Incidents)
        {
            var rows = found.Where(f => f.Key.Incident == incident.Name).OrderBy(f => f.Key.Habit).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{incident.Name,-12} {100.0 * rows.Sum(r => r.Value.Found) / Math.Max(1, rows.Sum(r => r.Value.Tried)):0.0} % of {rows.Sum(r => r.Value.Tried)}   ")
                + string.Join("  ", rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key.Habit} {100.0 * r.Value.Found / r.Value.Tried:0}"))));
        }

        delays.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"burst x10 is found in minute {(delays.Count == 0 ? 0 : delays[delays.Count / 2] + 1)} (median); in its first {100.0 * delays.Count(delay => delay == 0) / Math.Max(1, delays.Count):0} % of those found"));
        return 0;
    }

    private static (int Settled, int Young) Quiet(CountedAgent agent, double promise)
    {
        var series = new CountSeries(30 / promise);
        var (settled, young) = (0, 0);
        for (var t = 0; t < Minutes; t++)
        {
            if (series.Push(Begin.AddMinutes(t), agent.Counts[t]).IsAlert)
            {
                (settled, young) = t >= LearningDays * 1440 ? (settled + 1, young) : (settled, young + 1);
            }
        }

        return (settled, young);
    }

    /// <summary>Lives the same life with incidents, kinds in turn from a random one on, where there is room for one.</summary>
    private static void Attack(CountedAgent agent, Random random, double promise, int pause, Dictionary<(string, CountHabit), (int Found, int Tried)> found, List<int> delays)
    {
        var sums = new double[Minutes + 1];
        for (var t = 0; t < Minutes; t++)
        {
            sums[t + 1] = sums[t] + agent.Expected[t];
        }

        double Mean(int t, int minutes) => (sums[Math.Min(t + minutes, Minutes)] - sums[t]) / minutes;
        var overall = sums[Minutes] / Minutes;
        var busy = Enumerable.Range(0, Minutes / 10).Select(i => Mean(10 * i, 10)).Where(rate => rate >= 0.7 * overall).Average();
        var peak = Enumerable.Range(0, Minutes / 60).Max(i => Mean(60 * i, 60));
        var series = new CountSeries(30 / promise);
        var (next, turn) = (15 * 1440, random.Next(Incidents.Length));
        for (var t = 0; t < Minutes;)
        {
            var incident = Incidents[turn % Incidents.Length];
            var mean = Mean(t, 60);
            var fits = t >= next && random.Next(200) == 0 && t + incident.Minutes < Minutes && (incident.IsOffHours ? mean < 0.05 * peak : mean >= 0.7 * overall);
            if (!fits)
            {
                series.Push(Begin.AddMinutes(t), agent.Counts[t]);

                // An agent without quiet hours has no off-hours incidents.
                turn += t >= next + (8 * 1440) || (incident.IsOffHours && t >= next + 2880) ? 1 : 0;
                t++;
                continue;
            }

            var at = -1;
            for (var i = 0; i < incident.Minutes; i++)
            {
                var extra = CountFleet.Poisson(random, incident.IsOffHours ? busy : incident.Factor * agent.Expected[t + i]);
                at = series.Push(Begin.AddMinutes(t + i), agent.Counts[t + i] + extra).IsAlert && at < 0 ? i : at;
            }

            var (hits, tries) = found.GetValueOrDefault((incident.Name, agent.Habit));
            found[(incident.Name, agent.Habit)] = (hits + (at >= 0 ? 1 : 0), tries + 1);
            if (at >= 0 && turn % Incidents.Length == 0)
            {
                delays.Add(at);
            }

            t += incident.Minutes;
            turn++;
            next = t + pause + random.Next(1440);
        }
    }

    private sealed record Incident(string Name, int Minutes, double Factor, bool IsOffHours);
}
