using System.CommandLine;
using System.Diagnostics;
using AgentSentinel.Cli.Evaluation.Fleet;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Service.Options;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Commands;

/// <summary>The part of <c>sentinel evaluate</c> that is about fleets: false alarms against the budget, and incidents found.</summary>
internal sealed class FleetMode : IEvaluationMode
{
    private static readonly SimulationOptions Defaults = new()
    {
        Agents = 200,
        Duration = TimeSpan.FromDays(44),
        QuietFor = TimeSpan.FromDays(14),
        Incidents = 130,
        Disturbances = 40,
    };

    private readonly Option<bool> _simulate = new("--simulate") { Description = "Evaluate on a simulated fleet instead of files, in memory." };
    private readonly Option<TimeSpan> _tolerance = new("--tolerance")
    {
        Description = "How long after an incident's end an alarm still belongs to it.",
        DefaultValueFactory = _ => TimeSpan.FromHours(1),
        CustomParser = Durations.Parse,
    };

    private readonly SimulationArguments _simulation = new(Defaults);

    public void AddTo(Command command)
    {
        command.Options.Add(_simulate);
        command.Options.Add(_tolerance);
        _simulation.AddTo(command);
    }

    public bool IsAskedFor(ParseResult arguments, string[] files) => files.Length > 0 || arguments.GetValue(_simulate);

    public int Run(ParseResult arguments, string[] files, SentinelOptions options, string? jsonPath, CancellationToken cancellationToken)
    {
        var isSimulated = arguments.GetValue(_simulate);
        if (isSimulated == files.Length > 0)
        {
            Console.Error.WriteLine("Name either files or --simulate.");
            return ExitCode.Usage;
        }

        var clock = Stopwatch.StartNew();
        using var evaluation = new FleetEvaluation(options, TimeProvider.System.GetUtcNow());
        if (isSimulated)
        {
            var simulated = _simulation.Read(arguments);
            if (Simulated(simulated) is not { } simulation)
            {
                return ExitCode.Usage;
            }

            evaluation.Take(simulation, cancellationToken);
        }
        else
        {
            foreach (var file in files)
            {
                Take(evaluation, file, options.Decoder.MaxRecordBytes, cancellationToken);
            }
        }

        var figures = evaluation.Figures(arguments.GetValue(_tolerance));
        Console.Error.WriteLine(
            $"{evaluation.Run.Lines:N0} events in {clock.Elapsed.TotalSeconds:0.0} s: {evaluation.Run.Refused.Values.Sum():N0} refused, {evaluation.Run.Detection.LateEvents:N0} late, {evaluation.Unlabelled:N0} without labels");
        if (jsonPath != "-")
        {
            FleetReport.WriteTables(Console.Out, figures);
        }

        if (jsonPath is not null)
        {
            using var stream = Files.OpenWrite(jsonPath);
            FleetReport.WriteJson(stream, figures);
        }

        return cancellationToken.IsCancellationRequested ? ExitCode.Failed : ExitCode.Success;
    }

    private static Simulation? Simulated(SimulationOptions options)
    {
        try
        {
            return new Simulation(options);
        }
        catch (ArgumentException error)
        {
            Console.Error.WriteLine(error.Message);
            return null;
        }
    }

    private static void Take(FleetEvaluation evaluation, string file, int longestLine, CancellationToken cancellationToken)
    {
        using var stream = Files.OpenRead(file);
        var lines = new LineReader(stream, longestLine);
        while (!cancellationToken.IsCancellationRequested && lines.TryRead(out var line))
        {
            if (!line.IsEmpty)
            {
                evaluation.Take(line);
            }
        }
    }
}
