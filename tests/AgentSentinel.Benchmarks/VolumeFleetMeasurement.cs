using System.Diagnostics;
using System.Globalization;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What the calls channel promises and what it finds, on a <see cref="CountFleet"/>, a <see cref="CalmCountFleet"/> or a <see cref="HeldOutCountFleet"/>: false
/// alerts for each habit on quiet lives, then the share of injected incidents that raise an alarm while they last. A minute's calls come at any of its seconds;
/// each is held against what is usual as it comes, and the minute as a whole when it ends, as in the line. Arguments: seed, agents, false alerts that are promised
/// for an agent and 30 days, which fleet ("noisy", "calm" or "held-out"), what judges ("product", "prototype", or "told": the prototype that is told the true rates),
/// minutes between incidents.
/// </summary>
internal static class VolumeFleetMeasurement
{
    private const int Days = 44;
    private const int LearningDays = 14;
    private const int Minutes = Days * 1440;

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
        var (fleetName, judge) = (args.Length > 3 ? args[3] : "noisy", args.Length > 4 ? args[4] : "product");
        var pause = args.Length > 5 ? int.Parse(args[5], CultureInfo.InvariantCulture) : 7 * 1440;
        ICountFleet fleet = fleetName switch
        {
            "noisy" => new CountFleet(seed, Days),
            "calm" => new CalmCountFleet(seed, Days),
            "held-out" => new HeldOutCountFleet(seed, Days),
            _ => throw new ArgumentException($"There is no fleet {fleetName}."),
        };
        Func<CountedAgent, ICountScorer> scorerOf = judge switch
        {
            "product" => _ => new CountProduct(30 / promise),
            "prototype" => _ => new CountPrototype(30 / promise, null),
            "told" => agent => new CountPrototype(30 / promise, agent.Expected),
            _ => throw new ArgumentException($"Nothing called {judge} judges."),
        };
        var alerts = new List<(CountHabit Habit, int Settled, int Young)>();
        var found = new Dictionary<(string Incident, CountHabit Habit), (int Found, int Tried)>();
        var delays = new List<Delay>();
        var watch = new Stopwatch();
        for (var number = 0; number < agents; number++)
        {
            var agent = fleet.Agent(number);
            watch.Start();
            var seconds = new Random(unchecked((seed * 104_729) + number));
            var (settled, young) = Quiet(agent, seconds, scorerOf(agent));
            watch.Stop();
            alerts.Add((agent.Habit, settled, young));
            Attack(agent, new Random(unchecked((seed * 7919) + number)), seconds, scorerOf(agent), pause, found, delays);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{judge} on the {fleetName} fleet of {agents} agents, seed {seed}, promise {promise} a month; {1e6 * watch.Elapsed.TotalSeconds / ((long)agents * Minutes):0.00} µs a minute, drawn lives apart"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"false alerts per agent and 30 days {alerts.Average(a => a.Settled):0.00}; agents with more than 3: {100.0 * alerts.Count(a => a.Settled > 3) / agents:0.0} %; days 1 to 13: {alerts.Average(a => a.Young) * 30 / 13:0.00}"));
        Console.WriteLine("  " + string.Join("  ", alerts.GroupBy(a => a.Habit).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key} {g.Average(a => a.Settled):0.00}"))));
        foreach (var incident in Incidents)
        {
            var rows = found.Where(f => f.Key.Incident == incident.Name).OrderBy(f => f.Key.Habit).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{incident.Name,-12} {100.0 * rows.Sum(r => r.Value.Found) / Math.Max(1, rows.Sum(r => r.Value.Tried)):0.0} % of {rows.Sum(r => r.Value.Tried)}   ")
                + string.Join("  ", rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key.Habit} {100.0 * r.Value.Found / r.Value.Tried:0}"))));
        }

        delays.Sort((a, b) => a.Seconds.CompareTo(b.Seconds));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"burst x10, of those found: {Share(delays, d => d.IsOpen)} % inside an open minute, {Share(delays, d => d.Seconds <= 60)} % within 60 s of the first call, median {(delays.Count == 0 ? 0 : delays[delays.Count / 2].Seconds):0} s"));
        return 0;
    }

    private static string Share(List<Delay> delays, Func<Delay, bool> isOne) => (100.0 * delays.Count(isOne) / Math.Max(1, delays.Count)).ToString("0", CultureInfo.InvariantCulture);

    private static (int Settled, int Young) Quiet(CountedAgent agent, Random seconds, ICountScorer scorer)
    {
        var (settled, young) = (0, 0);
        for (var t = 0; t < Minutes; t++)
        {
            var (alerts, _) = Live(scorer, t, Seconds(seconds, agent.Counts[t]));
            (settled, young) = t >= LearningDays * 1440 ? (settled + alerts, young) : (settled, young + alerts);
        }

        return (settled, young);
    }

    /// <summary>When calls of a minute come, in order.</summary>
    private static double[] Seconds(Random random, int calls)
    {
        var seconds = calls == 0 ? [] : new double[calls];
        for (var i = 0; i < calls; i++)
        {
            seconds[i] = 60 * random.NextDouble();
        }

        Array.Sort(seconds);
        return seconds;
    }

    /// <summary>Lives a minute, call by call.</summary>
    /// <returns>How many alerts there were, and at which second of the minute the first; 60 when it has ended.</returns>
    private static (int Alerts, double First) Live(ICountScorer scorer, int t, double[] seconds)
    {
        var (alerts, first) = (0, double.PositiveInfinity);
        for (var i = 0; i < seconds.Length; i++)
        {
            if (scorer.Open(t, i + 1))
            {
                (alerts, first) = (alerts + 1, Math.Min(first, seconds[i]));
            }
        }

        return scorer.Close(t, seconds.Length) ? (alerts + 1, Math.Min(first, 60)) : (alerts, first);
    }

    /// <summary>Lives the same life with incidents, kinds in turn from a random one on, where there is room for one.</summary>
    private static void Attack(
        CountedAgent agent, Random random, Random seconds, ICountScorer scorer, int pause, Dictionary<(string, CountHabit), (int Found, int Tried)> found, List<Delay> delays)
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
        var (next, turn) = (15 * 1440, random.Next(Incidents.Length));
        for (var t = 0; t < Minutes;)
        {
            var incident = Incidents[turn % Incidents.Length];
            var mean = Mean(t, 60);
            var fits = t >= next && random.Next(200) == 0 && t + incident.Minutes < Minutes && (incident.IsOffHours ? mean < 0.05 * peak : mean >= 0.7 * overall);
            if (!fits)
            {
                Live(scorer, t, Seconds(seconds, agent.Counts[t]));

                // An agent without quiet hours has no off-hours incidents.
                turn += t >= next + (8 * 1440) || (incident.IsOffHours && t >= next + 2880) ? 1 : 0;
                t++;
                continue;
            }

            var (began, isFound) = (double.NaN, false);
            for (var i = 0; i < incident.Minutes; i++)
            {
                var extra = CountFleet.Poisson(random, incident.IsOffHours ? busy : incident.Factor * agent.Expected[t + i]);
                double[] more = Seconds(seconds, extra);
                began = double.IsNaN(began) && extra > 0 ? (60 * i) + more[0] : began;
                double[] all = [.. Seconds(seconds, agent.Counts[t + i]), .. more];
                Array.Sort(all);
                var (alerts, first) = Live(scorer, t + i, all);
                if (alerts > 0 && !isFound && turn % Incidents.Length == 0)
                {
                    delays.Add(new Delay(Math.Max(0, (60 * i) + first - began), first < 60));
                }

                isFound |= alerts > 0;
            }

            var (hits, tries) = found.GetValueOrDefault((incident.Name, agent.Habit));
            found[(incident.Name, agent.Habit)] = (hits + (isFound ? 1 : 0), tries + 1);
            t += incident.Minutes;
            turn++;
            next = t + pause + random.Next(1440);
        }
    }

    private sealed record Delay(double Seconds, bool IsOpen);

    private sealed record Incident(string Name, int Minutes, double Factor, bool IsOffHours);
}
