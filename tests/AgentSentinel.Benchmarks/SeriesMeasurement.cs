using System.Diagnostics;
using System.Globalization;
using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What an engine costs per value, and what it weighs, at a window of 60. An SSA model is fitted once and shared. The time is the tenth percentile over bursts of 100 values,
/// short enough that other work of the machine stays out of most of them; the weight is the difference of the heap over many engines past their first values.
/// </summary>
internal static class SeriesMeasurement
{
    private const int Engines = 20_000;
    private const int Bursts = 20_000;
    private const int Values = 100;

    public static int Run()
    {
        var series = SeriesPlans.Series(1000);
        Console.WriteLine($"{"engine",-20}{"ns per value",14}{"bytes each",14}");
        foreach (var kind in Enum.GetValues<EngineKind>())
        {
            var plan = SeriesPlans.Of(kind, series);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-20}{Time(plan, series),14:N0}{Weigh(plan, series),14:N0}"));
        }

        return 0;
    }

    private static double Time(EnginePlan plan, float[] series)
    {
        var engine = plan.CreateEngine();
        var times = new List<double>(Bursts);
        var next = 0;
        for (var burst = -Bursts / 2; burst < Bursts; burst++)
        {
            var begin = Stopwatch.GetTimestamp();
            for (var i = 0; i < Values; i++)
            {
                engine.Push(series[next]);
                next = next == series.Length - 1 ? 0 : next + 1;
            }

            // Those before 0 are for the compiler.
            if (burst >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(begin).TotalNanoseconds / Values);
            }
        }

        times.Sort();
        return times[times.Count / 10];
    }

    private static long Weigh(EnginePlan plan, float[] series)
    {
        var engines = new SeriesEngine[Engines];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Engines; i++)
        {
            engines[i] = plan.CreateEngine();
            foreach (var value in series.AsSpan(0, 130))
            {
                engines[i].Push(value);
            }
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Engines;
        GC.KeepAlive(engines);
        return bytes;
    }
}
