using System.CommandLine;
using System.Diagnostics;
using AgentSentinel.Cli.Commands;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Service.Options;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary><c>sentinel evaluate FILE…</c> or <c>--simulate</c>: a fleet's false alarms against the budget, and incidents found.</summary>
internal sealed class FleetMode(Argument<string[]> files, Option<string?> json) : IEvaluationMode
{
    private static readonly SimulationOptions Defaults = new()
    {
        Agents = 200,
        Duration = TimeSpan.FromDays(44),
        QuietFor = TimeSpan.FromDays(14),
        Incidents = 130,
        Disturbances = 40,
    };

    private readonly Option<bool> _simulate = new("--simulate") { Description = "Evaluate on a simulated fleet instead of files, in memory. What its people would declare is declared: announced work, holidays, which data is sensitive." };
    private readonly Option<TimeSpan> _tolerance = new("--tolerance")
    {
        Description = "How long after an incident's end an alarm still belongs to it.",
        DefaultValueFactory = _ => TimeSpan.FromHours(1),
        CustomParser = Durations.Parse,
    };

    private readonly SimulationArguments _simulation = new(Defaults);

    public string Usage => "FILE…, or --simulate";

    public void AddTo(Command command)
    {
        command.Options.Add(_simulate);
        command.Options.Add(_tolerance);
        _simulation.AddTo(command);
    }

    /// <summary>Files alone are a fleet's: the modes before this one say so when they want them.</summary>
    public bool IsAsked(ParseResult arguments) => arguments.GetValue(files) is { Length: > 0 } || arguments.GetValue(_simulate);

    public int Run(ParseResult arguments, SentinelOptions options)
    {
        var named = arguments.GetValue(files) ?? [];
        var jsonPath = arguments.GetValue(json);
        var isSimulated = arguments.GetValue(_simulate);
        if (isSimulated == named.Length > 0)
        {
            Console.Error.WriteLine("Name either files or --simulate.");
            return ExitCode.Usage;
        }

        var simulation = isSimulated ? Simulated(_simulation.Read(arguments)) : null;
        if (isSimulated && simulation is null)
        {
            return ExitCode.Usage;
        }

        var clock = Stopwatch.StartNew();
        using var declared = simulation is null ? null : new DeclaredSimulation(simulation);
        options = declared is null ? options : options with { Declarations = declared.AddTo(options.Declarations) };
        using var evaluation = new FleetEvaluation(options, TimeProvider.System.GetUtcNow());
        if (simulation is not null)
        {
            evaluation.Take(simulation);
        }
        else
        {
            foreach (var file in named)
            {
                LineReader.ReadAll(file, options.Decoder.MaxRecordBytes, evaluation.Take);
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

        return ExitCode.Success;
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
}
