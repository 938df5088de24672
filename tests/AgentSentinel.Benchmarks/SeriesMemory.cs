using System.Globalization;
using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.Benchmarks;

/// <summary>What an engine weighs in memory at a window of 60: the difference of the heap over many of them, past their first values. An SSA model is fitted once and shared.</summary>
internal static class SeriesMemory
{
    private const int Engines = 20_000;

    public static int Run()
    {
        var series = SeriesPlans.Series(720);
        Console.WriteLine($"{"engine",-20}{"bytes each",12}");
        foreach (var kind in Enum.GetValues<EngineKind>())
        {
            var plan = SeriesPlans.Of(kind, series);
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
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-20}{bytes,12:N0}"));
            GC.KeepAlive(engines);
        }

        return 0;
    }
}
