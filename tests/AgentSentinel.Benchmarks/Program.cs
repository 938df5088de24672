using AgentSentinel.Benchmarks;
using BenchmarkDotNet.Running;

// BenchmarkDotNet measures methods; the line as a whole and its latency are measured by programs of their own.
switch (args)
{
    case ["line", ..]:
        return await LineMeasurement.RunAsync(args[1..]);
    case ["line-reader", ..]:
        return await LineReader.RunAsync(args[1..]);
    case ["series"]:
        return SeriesMeasurement.Run();
    case ["latency", ..]:
        return await LatencyMeasurement.RunAsync(args[1..]);
    case ["decisions", ..]:
        return await DecisionMeasurement.RunAsync(args[1..]);
    case ["history", ..]:
        return await HistoryMeasurement.RunAsync(args[1..]);
    case ["console", ..]:
        return await ConsoleMeasurement.RunAsync(args[1..]);
    case ["feeds", ..]:
        return await FeedMeasurement.RunAsync(args[1..]);
    case ["volume-fleet", ..]:
        return VolumeFleetMeasurement.Run(args[1..]);
    case ["volume-channels", ..]:
        return VolumeChannelsMeasurement.Run(args[1..]);
    case ["volume-memory", ..]:
        return VolumeMemoryMeasurement.Run(args[1..]);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(LineMeasurement).Assembly).Run(args);
        return 0;
}
