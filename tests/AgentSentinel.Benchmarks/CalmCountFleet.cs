namespace AgentSentinel.Benchmarks;

/// <summary>
/// The habits of a <see cref="CountFleet"/> with other laws: days and hours differ by 2 to 12 %, agents are as busy as their active hours and not as their days,
/// offices open to the minute and may be silent at night, sessions are longer and rarer. The volume channels were tuned on it too, with the seeds 1 to 20.
/// </summary>
internal sealed class CalmCountFleet(int seed, int days) : ICountFleet
{
    private const int Day = 1440;

    public CountedAgent Agent(int number)
    {
        var random = new Random(unchecked((seed * 7_368_787) + (number * 31) + 5));
        var habit = (CountHabit)(number % 8);
        var perMinute = habit == CountHabit.Sparse ? CountFleet.LogUniform(random, 0.01, 0.1) : CountFleet.LogUniform(random, 0.15, 10);
        var rhythm = Rhythm(random, habit);
        return habit == CountHabit.Cron ? Batches(random) : Rated(random, habit, perMinute, rhythm);
    }

    private static Func<int, double> Rhythm(Random random, CountHabit habit)
    {
        var (phase, depth, weekend) = (24 * random.NextDouble(), 0.5 + (0.45 * random.NextDouble()), 0.3 + (0.7 * random.NextDouble()));
        var (from, hours, night) = (7 + (3 * random.NextDouble()), 8 + (2 * random.NextDouble()), random.Next(2) == 0 ? 0 : CountFleet.LogUniform(random, 0.001, 0.01));
        var coin = random.Next(2) == 0;
        double Diurnal(int t) => (1 + (depth * Math.Sin(((t / 60.0 % 24) - phase) * Math.PI / 12))) * (t / Day % 7 >= 5 ? weekend : 1);
        double Office(int t) => t / Day % 7 < 5 && t / 60.0 % 24 >= from && t / 60.0 % 24 < from + hours ? 1 : night;
        return habit switch
        {
            CountHabit.Steady => _ => 1,
            CountHabit.Office => Office,
            CountHabit.Diurnal => Diurnal,
            CountHabit.Sparse or CountHabit.Sessions => coin ? Office : Diurnal,
            _ => coin ? Diurnal : _ => 1,
        };
    }

    private CountedAgent Rated(Random random, CountHabit habit, double perMinute, Func<int, double> rhythm)
    {
        var (ofDay, ofHour) = (CountFleet.LogUniform(random, 0.02, 0.12), CountFleet.LogUniform(random, 0.02, 0.12));
        var (growth, shiftDay) = (1.005 + (0.02 * random.NextDouble()), 15 + random.Next(25));
        var shift = random.Next(2) == 0 ? 1.5 + (1.5 * random.NextDouble()) : 1 / (1.5 + random.NextDouble());
        var (begun, calls, pace) = (CountFleet.LogUniform(random, 0.3, 4) / 60, CountFleet.LogUniform(random, 8, 60), CountFleet.LogUniform(random, 2, 15));
        var sessions = new List<double>();
        var (counts, expected) = (new int[days * Day], new float[days * Day]);
        var (day, hour) = (1.0, 1.0);
        for (var t = 0; t < counts.Length; t++)
        {
            day = t % Day == 0 ? CountFleet.LogNormal(random, ofDay) : day;
            hour = t % 60 == 0 ? CountFleet.LogNormal(random, ofHour) : hour;
            if (habit == CountHabit.Sessions)
            {
                expected[t] = (float)(begun * calls * rhythm(t));
                counts[t] = InSessions(random, sessions, begun * rhythm(t) * day, calls, pace);
                continue;
            }

            var rate = perMinute * rhythm(t)
                * (habit == CountHabit.Growing ? Math.Pow(growth, t / (double)Day) : 1)
                * (habit == CountHabit.Redeployed && t >= (shiftDay * Day) + 600 ? shift : 1);
            expected[t] = (float)rate;
            counts[t] = CountFleet.Poisson(random, rate * day * hour);
        }

        return new CountedAgent(habit, counts, expected);
    }

    /// <summary>Begins sessions of a geometric number of calls, and has the open ones make some of theirs.</summary>
    private static int InSessions(Random random, List<double> sessions, double begun, double calls, double pace)
    {
        for (var i = CountFleet.Poisson(random, begun); i > 0; i--)
        {
            sessions.Add(1 + Math.Floor(Math.Log(1 - random.NextDouble()) / Math.Log(1 - (1 / calls))));
        }

        return CountFleet.CallInSessions(random, sessions, pace);
    }

    private CountedAgent Batches(Random random)
    {
        var period = ((int[])[5, 10, 15, 30, 60, 60, 120, 1440])[random.Next(8)];
        var (size, jitter) = (CountFleet.LogUniform(random, 5, 100) * Math.Max(1, period / 60.0), random.Next(3));
        var (pace, background, deviation) = (CountFleet.LogUniform(random, 10, 60), CountFleet.LogUniform(random, 0.01, 0.3), CountFleet.LogUniform(random, 0.02, 0.2));
        var (counts, expected) = (new int[days * Day], new float[days * Day]);
        for (var at = random.Next(period); at < counts.Length; at += period)
        {
            var left = CountFleet.Poisson(random, size * CountFleet.LogNormal(random, deviation));
            CountFleet.SendBatch(random, counts, at + random.Next(jitter + 1), left, pace);
        }

        for (var t = 0; t < counts.Length; t++)
        {
            counts[t] += CountFleet.Poisson(random, background);
            expected[t] = (float)((size / period) + background);
        }

        return new CountedAgent(CountHabit.Cron, counts, expected);
    }
}
