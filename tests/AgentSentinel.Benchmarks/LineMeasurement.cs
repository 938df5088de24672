using System.Diagnostics;
using System.Globalization;
using AgentSentinel.Service.Kafka;
using Confluent.Kafka;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// CPU seconds per million calls of the whole line (consume, decode, detect, checkpoint, commit) beside those of Confluent.Kafka consumers
/// that only discard, each in a process of its own that reads the same topic. <c>line [events] [runs]</c>.
/// </summary>
internal static class LineMeasurement
{
    // As many partitions as it takes, since the in-process broker keeps 5 MiB of each; many agents, so that they spread evenly.
    private const int Partitions = 16;
    private const int Agents = 2_000;

    private const string Topic = "measure.tool-calls";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var events = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 400_000;
        var runs = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 3;
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic(Topic, Partitions);
        for (var pass = 0; pass < runs * LineReader.Passes; pass++)
        {
            broker.CreateTopic(LineReader.JournalOf((pass / LineReader.Passes).ToString(CultureInfo.InvariantCulture), pass % LineReader.Passes), 1);
        }

        var bytes = await FillAsync(broker.BootstrapServers, events);
        Console.WriteLine($"{events:N0} simulated calls of {bytes / (double)events:0} bytes on average, {Partitions} partitions; each reader in its own process, median of {runs}");

        var figures = new Dictionary<string, List<double>>();
        for (var run = 0; run < runs; run++)
        {
            // In turn, so that a change of the machine's speed meets all of them.
            foreach (var reader in LineReader.Kinds)
            {
                figures.TryAdd(reader, []);
                figures[reader].Add(await MeasureAsync(reader, broker.BootstrapServers, events, run));
            }
        }

        var medians = figures.ToDictionary(f => f.Key, f => f.Value.Order().ElementAt(f.Value.Count / 2));
        var floor = medians[LineReader.DiscardTuned];
        foreach (var (reader, seconds) in medians)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{reader,-28} {seconds,7:0.00} CPU s per million calls   {seconds / medians[LineReader.Discard],6:0.00} x discard   {seconds / floor,6:0.00} x tuned discard"));
        }

        return 0;
    }

    private static async Task<long> FillAsync(string brokers, int events)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = brokers,
            CompressionType = CompressionType.Lz4,
            LingerMs = 50,
            BatchSize = 1_000_000,
        }).Build();
        var bytes = 0L;
        var pending = new List<Task>();
        foreach (var (agentId, json) in SomeFleet.Events(Agents, events))
        {
            bytes += json.Length;
            pending.Add(producer.ProduceAsync(Topic, new Message<string, byte[]> { Key = agentId, Value = json }));
            if (pending.Count == 20_000)
            {
                await Task.WhenAll(pending);
                pending.Clear();
            }
        }

        await Task.WhenAll(pending);
        return bytes;
    }

    private static async Task<double> MeasureAsync(string reader, string brokers, int events, int run)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(LineMeasurement).Assembly.Location);
        }

        foreach (var argument in (string[])["line-reader", reader, brokers, Topic, events.ToString(CultureInfo.InvariantCulture), run.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? double.Parse(output.Trim().Split('\n')[^1], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{reader} failed: {output}");
    }
}
