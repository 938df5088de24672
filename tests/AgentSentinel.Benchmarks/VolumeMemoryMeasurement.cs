using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Benchmarks;

/// <summary>Memory of the volume family's baselines of living agents, detector by detector. Arguments: agents.</summary>
internal static class VolumeMemoryMeasurement
{
    private static readonly string[] Family = ["volume", "records-per-call", "fan-out", "tool-mix"];

    public static int Run(string[] args)
    {
        var agents = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var total = 0.0;
        foreach (var detector in StandardDetectors.Create(new DetectorsOptions(), new FingerprintKey(1, 2)).Where(d => Family.Contains(d.Name)))
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var baselines = new Baseline[agents];
            for (var i = 0; i < agents; i++)
            {
                baselines[i] = detector.CreateBaseline("agent");
            }

            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)agents;
            GC.KeepAlive(baselines);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{detector.Name,-18} {each,7:0} bytes"));
            total += each;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"together           {total,7:0} bytes an agent, {agents:N0} agents alive"));
        return 0;
    }
}
