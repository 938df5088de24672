using System.Globalization;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>
/// Agents that do nothing odd, drawn from a seed: steady, diurnal and session-driven ones, whose counts are Poisson with a gamma-distributed rate,
/// whose names are used with heavy-tailed frequencies, and whose calls fail in episodes. Nobody tunes a detector on it.
/// </summary>
internal sealed class NullFleet(int seed)
{
    private const int MinutesPerStep = 5;

    internal enum Habit
    {
        Steady,
        Diurnal,
        Sessions,
    }

    internal static Habit HabitOf(string agentId) => HabitOf(int.Parse(agentId.AsSpan(agentId.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture));

    /// <summary>The calls of all agents in order of time.</summary>
    internal IEnumerable<ToolCall> Calls(int agents, int days)
    {
        var random = new Random(seed);
        var lives = Enumerable.Range(0, agents).Select(number => new Life(number, new Random(random.Next()))).ToArray();
        var due = new List<ToolCall>();
        for (var step = 0; step < days * 1440 / MinutesPerStep; step++)
        {
            due.Clear();
            foreach (var life in lives)
            {
                life.Act(Some.Monday.AddMinutes(step * MinutesPerStep), due);
            }

            foreach (var call in due.OrderBy(call => call.Time))
            {
                yield return call;
            }
        }
    }

    private static Habit HabitOf(int number) => (Habit)(number % 3);

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());

    /// <summary>Gamma with mean 1 and a whole-numbered shape (Erlang).</summary>
    private static double Gamma(Random random, int shape) => Enumerable.Range(0, shape).Sum(_ => Exponential(random)) / shape;

    private static int Poisson(Random random, double mean)
    {
        var count = 0;
        for (var sum = Exponential(random); sum < mean; sum += Exponential(random))
        {
            count++;
        }

        return count;
    }

    private sealed class Life(int number, Random random)
    {
        private readonly Habit _habit = HabitOf(number);
        private readonly double _perDay = 60 * Math.Pow(10, random.NextDouble());
        private readonly double _newNames = 0.05 * Math.Pow(random.NextDouble(), 3);
        private readonly double _failures = 0.03 * random.NextDouble();
        private int _names = 5;
        private int _calls;
        private int _sessionSteps;
        private double _episode = 1;

        public void Act(DateTimeOffset time, List<ToolCall> due)
        {
            if (time.Minute == 0)
            {
                _episode = Gamma(random, 2);
            }

            var mean = _perDay * MinutesPerStep / 1440 * Level(time) * Gamma(random, 3);
            for (var left = Poisson(random, mean); left > 0; left--)
            {
                due.Add(Call(time.AddSeconds(random.NextDouble() * MinutesPerStep * 60)));
            }
        }

        private double Level(DateTimeOffset time)
        {
            switch (_habit)
            {
                case Habit.Steady:
                    return 1;
                case Habit.Diurnal:
                    var isWeekend = time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
                    return Math.Max(0.05, 1 + Math.Sin((time.Hour - 8) * Math.PI / 12)) * (isWeekend ? 0.3 : 1);
                default:
                    // Six sessions a day of half an hour on average.
                    _sessionSteps = _sessionSteps > 0 ? (random.Next(6) == 0 ? 0 : _sessionSteps) : (random.Next(48) == 0 ? 1 : 0);
                    return _sessionSteps * 8;
            }
        }

        private ToolCall Call(DateTimeOffset time)
        {
            // New names become rarer with age, as in a growing vocabulary.
            if (random.NextDouble() < _newNames * Math.Pow(1 + (_calls / 200.0), -0.5))
            {
                _names++;
            }

            var used = (int)(_names * Math.Pow(random.NextDouble(), 2));
            return Some.ToolCall(
                time,
                $"{number}-{_calls++}",
                $"null-{number}",
                $"tool-{used % 8}",
                [$"set:{number}:{used}"],
                random.NextDouble() < _failures * _episode ? CallStatus.Error : CallStatus.Ok,
                random.Next(100));
        }
    }
}
