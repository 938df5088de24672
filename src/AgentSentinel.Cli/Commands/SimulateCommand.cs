using System.Buffers;
using System.CommandLine;
using System.Text;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Simulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel simulate</c>: telemetry of a simulated fleet, to a file or to Kafka.</summary>
internal static class SimulateCommand
{
    private const int MostInFlight = 5_000;

    public static Command Create()
    {
        var simulated = new SimulationArguments(new SimulationOptions());
        var most = new Option<long>("--calls") { Description = "Stop after so many events.", DefaultValueFactory = _ => long.MaxValue };
        var output = new Option<string>("--out") { Description = "File to write, one JSON event a line; .gz for gzip, - for standard output." };
        var kafka = new Option<string>("--kafka") { Description = "Brokers to send to instead, host:port." };
        var topic = new Option<string>("--topic") { Description = "Topic to send to.", DefaultValueFactory = _ => new KafkaOptions().ToolCallTopic };
        var calendar = new Option<string?>("--calendar-out") { Description = "Write the holidays and the announced work as an iCalendar file, for Declarations:CalendarFile." };
        var registry = new Option<string?>("--registry-out") { Description = "Write how sensitive the simulated company's resources are, for Declarations:RegistryFile." };
        var command = new Command("simulate", "Write the telemetry of a simulated fleet, with labelled incidents, to a file or to Kafka.")
        {
            most, output, kafka, topic, calendar, registry,
        };
        simulated.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var options = simulated.Read(arguments);
            var errors = options.Errors().ToList();
            if (arguments.GetValue(output) is null == arguments.GetValue(kafka) is null)
            {
                errors.Add("Name either --out or --kafka.");
            }

            if (errors.Count > 0)
            {
                foreach (var error in errors)
                {
                    await Console.Error.WriteLineAsync(error);
                }

                return ExitCode.Usage;
            }

            Simulation simulation;
            try
            {
                simulation = new Simulation(options);
            }
            catch (ArgumentException error)
            {
                await Console.Error.WriteLineAsync(error.Message);
                return ExitCode.Usage;
            }

            if (arguments.GetValue(calendar) is { } calendarPath)
            {
                await File.WriteAllTextAsync(calendarPath, SimulatedCalendar.Of(simulation), cancellationToken);
            }

            if (arguments.GetValue(registry) is { } registryPath)
            {
                await File.WriteAllTextAsync(registryPath, SimulatedCatalogue.Json(), cancellationToken);
            }

            var sent = arguments.GetValue(output) is { } path
                ? Write(simulation, path, arguments.GetValue(most), cancellationToken)
                : await SendAsync(simulation, arguments.GetValue(kafka)!, arguments.GetValue(topic)!, arguments.GetValue(most), cancellationToken);
            await Console.Error.WriteLineAsync($"{sent:N0} events of {simulation.Agents.Count:N0} agents, {simulation.Incidents.Count:N0} incidents, {simulation.Disturbances.Count:N0} benign disturbances:");
            foreach (var incident in simulation.Incidents.Concat(simulation.Disturbances))
            {
                await Console.Error.WriteLineAsync($"  {incident.Start:u} to {incident.End:u}  {incident.KindName}  {incident.AgentId}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static long Write(Simulation simulation, string path, long most, CancellationToken cancellationToken)
    {
        using var stream = Files.OpenWrite(path);
        var json = new ArrayBufferWriter<byte>(4096);
        var written = 0L;
        foreach (var call in simulation.Calls())
        {
            if (written == most || cancellationToken.IsCancellationRequested)
            {
                break;
            }

            json.ResetWrittenCount();
            SimulatedCallJson.Write(json, call, simulation.Options.Content);
            json.Write("\n"u8);
            stream.Write(json.WrittenSpan);
            written++;
        }

        return written;
    }

    private static async Task<long> SendAsync(Simulation simulation, string brokers, string topic, long most, CancellationToken cancellationToken)
    {
        await using var producer = new RecordProducer(new KafkaOptions { BootstrapServers = brokers }, NullLogger.Instance);
        var json = new ArrayBufferWriter<byte>(4096);
        var inFlight = new List<Task>(MostInFlight);
        var sent = 0L;
        foreach (var call in simulation.Calls())
        {
            if (sent == most)
            {
                break;
            }

            json.ResetWrittenCount();
            SimulatedCallJson.Write(json, call, simulation.Options.Content);
            inFlight.Add(producer.AppendAsync(topic, null, Encoding.UTF8.GetBytes(call.AgentId), json.WrittenMemory, null, cancellationToken));
            sent++;
            if (inFlight.Count == MostInFlight)
            {
                await Task.WhenAll(inFlight);
                inFlight.Clear();
            }
        }

        await Task.WhenAll(inFlight);
        return sent;
    }
}
