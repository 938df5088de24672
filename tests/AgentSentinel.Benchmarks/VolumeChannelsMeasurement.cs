using System.Globalization;
using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What the volume family finds besides numbers of calls, through the real engine: agents of different pools of datasets, tools and sizes of reads, forty days of
/// them, then in a copy of each life a bulk read (ten minutes of calls with twenty times the records), fifty calls to as many datasets, and fifty calls whose
/// tools have the proportions of others, where that moves three calls of ten and more. Arguments: seed, agents, false alerts that are promised for the family, an agent and 30 days.
/// </summary>
internal static class VolumeChannelsMeasurement
{
    private const int LearningDays = 14;
    private const int Days = 44;

    private static readonly DateTimeOffset Begin = new(2025, 3, 3, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Family = ["volume", "records-per-call", "fan-out", "tool-mix"];
    private static readonly string[] Incidents = ["bulk read x20", "fan-out", "tool mix"];

    public static int Run(string[] args)
    {
        var seed = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var agents = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 60;
        var promise = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 1;
        var alarms = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (found, tried) = (new int[Incidents.Length], new int[Incidents.Length]);
        var (loud, perAgent) = (0, new List<int>());
        for (var number = 0; number < agents; number++)
        {
            var saved = new VolatileState();
            var life = new Life(unchecked((seed * 7907) + number), promise, new VolatileState());
            life.Live(Days);
            var after = life.Found.Where(a => a.Time >= Begin.AddDays(LearningDays)).ToList();
            foreach (var anomaly in after)
            {
                alarms[anomaly.Evidence.Detector] = alarms.GetValueOrDefault(anomaly.Evidence.Detector) + 1;
            }

            perAgent.Add(after.Count);
            loud += after.Count > 3 ? 1 : 0;
            life.Save(saved);
            for (var i = 0; i < Incidents.Length; i++)
            {
                var copy = new Life(unchecked((seed * 7907) + number), promise, saved, life);
                copy.Suffer(i);
                if (i < 2 || copy.Turn >= 0.3)
                {
                    tried[i]++;
                    found[i] += copy.Found.Any(a => IsOf(i, a.Evidence)) ? 1 : 0;
                }
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{agents} agents, seed {seed}, promise {promise}: false alerts {perAgent.Average():0.00} per agent and 30 days, more than 3: {100.0 * loud / agents:0.0} %"));
        Console.WriteLine("  " + string.Join("  ", alarms.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key} {(double)a.Value / agents:0.00}"))));
        for (var i = 0; i < Incidents.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Incidents[i],-14} {100.0 * found[i] / tried[i]:0.0} % of {tried[i]}"));
        }

        return 0;
    }

    /// <summary>Whether the evidence is about the incident, and not about that it came in fifty calls at once.</summary>
    private static bool IsOf(int incident, Evidence evidence) => incident switch
    {
        0 => evidence.Feature.StartsWith("records", StringComparison.Ordinal) || evidence.Feature.StartsWith("bytes", StringComparison.Ordinal),
        1 => evidence.Detector == "fan-out",
        _ => evidence.Detector == "tool-mix",
    };

    private sealed class Life
    {
        private readonly DetectionEngine _engine;
        private readonly DetectionOutput _output = new();
        private readonly Random _random;
        private readonly double[] _tools;
        private readonly double[] _sizes;
        private readonly int _datasets;
        private readonly double _skew;
        private readonly double _perHour;
        private readonly double _sizeSpread;
        private readonly bool _isOffice;
        private DateTimeOffset _now = Begin;
        private long _calls;

        public Life(int seed, double promise, VolatileState saved, Life? before = null)
        {
            _random = new Random(seed);
            _tools = [.. Enumerable.Range(0, _random.Next(2, 9)).Select(_ => Math.Pow(_random.NextDouble(), 2) + 0.02)];
            _sizes = [.. _tools.Select(_ => Math.Exp(5 * _random.NextDouble()))];
            (_datasets, _skew) = (_random.Next(3, 40), 1 + (2 * _random.NextDouble()));
            _perHour = 6 * Math.Pow(30, _random.NextDouble());
            (_sizeSpread, _isOffice) = (0.2 + (0.7 * _random.NextDouble()), _random.Next(2) == 0);
            (_now, _calls) = (before?._now ?? Begin, before?._calls ?? 0);
            var share = StandardDetectors.Create(new DetectorsOptions(), default).Where(d => Family.Contains(d.Name)).Sum(d => d.BudgetShare);
            _engine = new DetectionEngine(
                new DetectionOptions { FalseAlertsPerAgentAnd30Days = promise / share },
                [.. StandardDetectors.Create(new DetectorsOptions(), new FingerprintKey(1, 2)).Where(d => Family.Contains(d.Name))],
                saved);
        }

        /// <summary>How far the proportions of tools differ when they are turned round: 0 to 1 (total variation).</summary>
        public double Turn => _tools.Zip(_tools.Reverse(), (a, b) => Math.Abs(a - b)).Sum() / (2 * _tools.Sum());

        public List<Anomaly> Found { get; } = [];

        public void Save(VolatileState saved) => _engine.Save(saved);

        public void Live(int days)
        {
            for (var end = _now.AddDays(days); _now < end;)
            {
                var isWork = !_isOffice || (_now.Hour is >= 8 and < 18 && _now.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
                if (!isWork)
                {
                    _now = _now.AddHours(1);
                    continue;
                }

                // A few calls together, with pauses between.
                for (var calls = 1 + _random.Next(8); calls > 0; calls--)
                {
                    Call(ToolOf(_tools), (int)(_datasets * Math.Pow(_random.NextDouble(), _skew)), 1);
                    _now = _now.AddSeconds(1 + (20 * _random.NextDouble()));
                }

                _now = _now.AddHours(-4.5 / _perHour * Math.Log(1 - _random.NextDouble()));
            }
        }

        public void Suffer(int incident)
        {
            _now = _now.AddMinutes(1);
            var turned = _tools.Reverse().ToArray();
            for (var i = 0; i < 50; i++)
            {
                Call(ToolOf(incident == 2 ? turned : _tools), incident == 1 ? 1000 + i : (int)(_datasets * Math.Pow(_random.NextDouble(), _skew)), incident == 0 ? 20 : 1);
                _now = _now.AddSeconds(12);
            }

            _output.Clear();
            _engine.Advance(_now.AddMinutes(5), _output);
            Found.AddRange(_output.Anomalies);
        }

        private int ToolOf(double[] weights)
        {
            var left = _random.NextDouble() * weights.Sum();
            for (var i = 0; i < weights.Length; i++)
            {
                left -= weights[i];
                if (left < 0)
                {
                    return i;
                }
            }

            return weights.Length - 1;
        }

        private void Call(int tool, int dataset, double factor)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
            var records = Math.Max(1, Math.Round(factor * _sizes[tool] * Math.Exp(_sizeSpread * normal)));
            var call = new ToolCall
            {
                IdUtf8 = BitConverter.GetBytes(++_calls),
                Time = _now,
                AgentId = "agent",
                Tool = string.Create(CultureInfo.InvariantCulture, $"tool-{tool}"),
                Records = records,
                ResultBytes = records * 200,
                Tokens = 50 + records,
            };
            call.AddResource(string.Create(CultureInfo.InvariantCulture, $"set-{dataset}"));
            _output.Clear();
            _engine.Process(call, _now, _output);
            Found.AddRange(_output.Anomalies);
        }
    }
}
