namespace AgentSentinel.Benchmarks;

/// <summary>
/// The habits of a <see cref="CountFleet"/> under a third set of laws, on which nothing was tuned: it is for reading only. Rates from 40 calls a day on, days and hours
/// that differ by 2 to 10 %, sessions of about one length for an agent, batches that go out at a fixed pace, one redeployment in two to less.
/// </summary>
internal sealed class HeldOutCountFleet(int seed, int days) : ICountFleet
{
    private const int Day = 1440;

    public CountedAgent Agent(int number)
    {
        var random = new Random(unchecked((seed * 92_821) + (number * 17) + 3));
        var habit = (CountHabit)(number % 8);
        var rhythm = Rhythm(random, habit);
        var level = Enumerable.Range(0, 7 * 144).Average(t => rhythm(t * 10));
        var perMinute = (habit == CountHabit.Sparse ? CountFleet.LogUniform(random, 40, 200) : CountFleet.LogUniform(random, 200, 12_000)) / Day / level;
        var growth = 1.005 + (0.02 * random.NextDouble());
        var (shiftDay, shift) = (15 + random.Next(25), random.Next(2) == 0 ? 0.3 + (0.4 * random.NextDouble()) : 1.5 + (1.5 * random.NextDouble()));
        var (ofDay, ofHour) = (CountFleet.LogUniform(random, 0.02, 0.1), CountFleet.LogUniform(random, 0.02, 0.1));
        var (callsPerSession, pace) = (CountFleet.LogUniform(random, 2, 30), CountFleet.LogUniform(random, 1, 10));
        var (period, jitter) = (((int[])[5, 10, 15, 30, 60, 120, 1440])[random.Next(7)], 2 * random.NextDouble());
        var (counts, expected, open) = (new int[days * Day], new float[days * Day], new List<double>());
        var (day, hour) = (1.0, 1.0);
        for (var t = 0; t < counts.Length; t++)
        {
            day = t % Day == 0 ? CountFleet.LogNormal(random, ofDay) : day;
            hour = t % 60 == 0 ? CountFleet.LogNormal(random, ofHour) : hour;
            var rate = perMinute * rhythm(t)
                * (habit == CountHabit.Growing ? Math.Pow(growth, (double)t / Day) : 1)
                * (habit == CountHabit.Redeployed && t >= (shiftDay * Day) + 540 ? shift : 1);
            expected[t] = (float)rate;
            switch (habit)
            {
                case CountHabit.Cron when t % period == 0:
                    CountFleet.SendBatch(random, counts, t + (int)(jitter * random.NextDouble()), CountFleet.Poisson(random, rate * period * hour * day), pace: 10);
                    break;
                case CountHabit.Cron:
                    break;
                case CountHabit.Sessions:
                    counts[t] = InSessions(random, open, CountFleet.Poisson(random, rate * day / callsPerSession), callsPerSession, pace);
                    break;
                default:
                    counts[t] = CountFleet.Poisson(random, rate * day * hour);
                    break;
            }
        }

        return new CountedAgent(habit, counts, expected);
    }

    private static int InSessions(Random random, List<double> open, int begun, double calls, double pace)
    {
        for (; begun > 0; begun--)
        {
            open.Add(1 + CountFleet.Poisson(random, calls - 1));
        }

        return CountFleet.CallInSessions(random, open, pace);
    }

    private static Func<int, double> Rhythm(Random random, CountHabit habit)
    {
        var (phase, depth, weekend) = (24 * random.NextDouble(), 0.5 + (0.5 * random.NextDouble()), 0.2 + (0.8 * random.NextDouble()));
        var (from, hours, night) = (6 + (4 * random.NextDouble()), 8 + (3 * random.NextDouble()), 0.01 * random.NextDouble());
        double Diurnal(int t) => Math.Max(0.01, 1 + (depth * Math.Sin(((t / 60.0 % 24) - phase) * Math.PI / 12))) * (t / Day % 7 >= 5 ? weekend : 1);
        double Office(int t) => t / Day % 7 < 5 && t / 60.0 % 24 >= from && t / 60.0 % 24 < from + hours ? 1 : night;
        Func<int, double>[] rhythms = [_ => 1, Diurnal, Office];
        return rhythms[habit switch { CountHabit.Steady or CountHabit.Cron => 0, CountHabit.Diurnal => 1, CountHabit.Office => 2, _ => random.Next(3) }];
    }
}
