namespace AgentSentinel.Benchmarks;

/// <summary>
/// Agents as counts a minute, drawn from a seed, without events: eight habits, rates from 3 to 12,000 calls a day, days and hours that differ. What the volume
/// channels were tuned on, with the seeds 1 to 20.
/// </summary>
internal sealed class CountFleet(int seed, int days) : ICountFleet
{
    private const int Day = 1440;

    public CountedAgent Agent(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var habit = (CountHabit)(number % 8);
        return habit == CountHabit.Cron ? Batches(random) : Rated(random, habit, number);
    }

    /// <summary>A Poisson count.</summary>
    public static int Poisson(Random random, double mean)
    {
        if (mean > 60)
        {
            return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * Normal(random))));
        }

        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0);
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }

    /// <summary>A number of a normal distribution with mean 0 and variance 1.</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A factor with mean 1 whose logarithm is normal.</summary>
    public static double LogNormal(Random random, double deviation) => Math.Exp((deviation * Normal(random)) - (deviation * deviation / 2));

    /// <summary>A number whose logarithm is uniform.</summary>
    public static double LogUniform(Random random, double least, double most) => least * Math.Pow(most / least, random.NextDouble());

    /// <summary>Gamma with mean 1 and a shape of at least 1 (Marsaglia and Tsang 2000).</summary>
    private static double Gamma(Random random, double shape)
    {
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal(random);
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v / shape;
            }
        }
    }

    /// <summary>A batch goes out from a minute on, at least one call a minute and about one more than the pace.</summary>
    public static void SendBatch(Random random, int[] counts, int from, int size, double pace)
    {
        for (var t = from; size > 0 && t < counts.Length; t++)
        {
            var made = Math.Min(size, 1 + Poisson(random, pace));
            counts[t] += made;
            size -= made;
        }
    }

    /// <summary>Lets open sessions make some of the calls that they have left; those that have none are over.</summary>
    /// <returns>The calls.</returns>
    public static int CallInSessions(Random random, List<double> left, double pace)
    {
        var count = 0;
        for (var i = left.Count - 1; i >= 0; i--)
        {
            var made = (int)Math.Min(left[i], Poisson(random, pace));
            count += made;
            left[i] -= made;
            if (left[i] <= 0)
            {
                left.RemoveAt(i);
            }
        }

        return count;
    }

    private CountedAgent Rated(Random random, CountHabit habit, int number)
    {
        var perDay = habit switch
        {
            CountHabit.Sparse => LogUniform(random, 3, 60),
            CountHabit.Sessions => LogUniform(random, 60, 4000),
            _ => LogUniform(random, 100, 12000),
        };
        var rhythm = Rhythm(random, habit, number);
        var level = Enumerable.Range(0, 7 * 144).Average(t => rhythm(t * 10));
        var (dayShape, hourShape) = (LogUniform(random, 25, 3000), LogUniform(random, 12, 1500));
        var (growth, shiftDay, shift) = (1 + (0.01 * (1 + (2 * random.NextDouble()))), 16 + random.Next(24), (double[])[0.5, 1.5, 2, 3]);
        var shiftBy = shift[random.Next(4)];
        var (callsPerSession, callsPerMinute) = (LogUniform(random, 4, 40), LogUniform(random, 0.5, 8));
        var sessions = new List<double>();
        var (counts, expected) = (new int[days * Day], new float[days * Day]);
        var (ofDay, ofHour) = (1.0, 1.0);
        for (var t = 0; t < counts.Length; t++)
        {
            ofDay = t % Day == 0 ? Gamma(random, dayShape) : ofDay;
            ofHour = t % 60 == 0 ? Gamma(random, hourShape) : ofHour;
            var rate = perDay / Day * rhythm(t) / level
                * (habit == CountHabit.Growing ? Math.Pow(growth, t / Day) : 1)
                * (habit == CountHabit.Redeployed && t / Day >= shiftDay ? shiftBy : 1);
            expected[t] = (float)rate;
            if (habit != CountHabit.Sessions)
            {
                counts[t] = Poisson(random, rate * ofDay * ofHour);
                continue;
            }

            for (var begun = Poisson(random, rate * ofDay / callsPerSession); begun > 0; begun--)
            {
                sessions.Add(-Math.Log(1 - random.NextDouble()) * callsPerSession);
            }

            for (var i = sessions.Count - 1; i >= 0; i--)
            {
                var made = Poisson(random, callsPerMinute);
                counts[t] += made;
                sessions[i] -= Math.Max(made, 0.2);
                if (sessions[i] <= 0)
                {
                    sessions.RemoveAt(i);
                }
            }
        }

        return new CountedAgent(habit, counts, expected);
    }

    private static Func<int, double> Rhythm(Random random, CountHabit habit, int number)
    {
        var (phase, depth, weekend) = (24 * random.NextDouble(), 0.4 + (0.6 * random.NextDouble()), 0.2 + (0.8 * random.NextDouble()));
        var (from, zone, night) = (6 + (5 * random.NextDouble()), random.Next(24), LogUniform(random, 0.0005, 0.02));
        var until = from + 7 + (4 * random.NextDouble());
        var isSteady = habit == CountHabit.Steady || (habit == CountHabit.Redeployed && number % 16 < 8);
        var isOffice = habit == CountHabit.Office || (habit is CountHabit.Sparse or CountHabit.Sessions && number % 24 < 12);
        return t =>
        {
            var hours = (t / 60.0) + zone;
            var (hour, isWeekend) = (hours % 24, (int)(hours / 24) % 7 >= 5);
            return isSteady ? 1
                : !isOffice ? Math.Max(0.02, 1 + (depth * Math.Sin((hour - phase) * Math.PI / 12))) * (isWeekend ? weekend : 1)
                : isWeekend || hour < from || hour > until ? night
                : Math.Max(night, Math.Min(1, Math.Min(hour - from, until - hour) / 0.7));
        };
    }

    private CountedAgent Batches(Random random)
    {
        var period = ((int[])[10, 15, 30, 60, 60, 240, 360, 1440])[random.Next(8)];
        var jitter = ((double[])[0, 0.5, 1, 2, 4])[random.Next(5)];
        var perDay = LogUniform(random, 100, 12000);
        var (shape, perMinute, background) = (LogUniform(random, 4, 100), LogUniform(random, 3, 200), random.Next(2) * perDay / Day * 0.05);
        var (counts, expected) = (new int[days * Day], new float[days * Day]);
        for (var at = random.Next(period); at < counts.Length; at += period)
        {
            var left = Poisson(random, Math.Max(1, perDay * period / Day) * Gamma(random, shape));
            for (var t = (int)(at + Math.Abs(jitter * Normal(random))); left > 0 && t < counts.Length; t++)
            {
                var made = Math.Min(left, Math.Max(1, Poisson(random, perMinute)));
                counts[t] += made;
                left -= made;
            }
        }

        for (var t = 0; t < counts.Length; t++)
        {
            counts[t] += background > 0 ? Poisson(random, background) : 0;
            expected[t] = (float)((perDay / Day) + background);
        }

        return new CountedAgent(CountHabit.Cron, counts, expected);
    }
}
