using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AgentSentinel.Simulator;
using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Cli.Commands;

/// <summary>What to simulate, as arguments: the same for every command that simulates.</summary>
internal sealed class SimulationArguments
{
    private readonly Option<int> _seed;
    private readonly Option<int> _agents;
    private readonly Option<TimeSpan> _duration;
    private readonly Option<TimeSpan> _quiet;
    private readonly Option<int> _incidents;
    private readonly Option<int> _disturbances;
    private readonly Option<DateTimeOffset> _start;
    private readonly Option<Habit[]> _kinds = KindsOption<Habit>(
        "--kinds", $"Kinds of agents, in turn: {string.Join(", ", KindNames.OfAgents)}. Default: a mix of all.", KindNames.TryParse, KindNames.OfAgents);

    private readonly Option<IncidentKind[]> _incidentKinds = KindsOption<IncidentKind>(
        "--incident-kinds", $"Kinds of incidents, in turn: {string.Join(", ", KindNames.OfIncidents)}. Default: all that the telemetry can show.", KindNames.TryParse, KindNames.OfIncidents);

    private readonly Option<IncidentKind[]> _disturbanceKinds = KindsOption<IncidentKind>(
        "--disturbance-kinds", $"Kinds of benign disturbances, in turn: {string.Join(", ", KindNames.OfDisturbances)}. Default: all.", KindNames.TryParse, KindNames.OfDisturbances);

    private readonly Option<DateOnly[]> _holidays = new("--holidays")
    {
        Description = "Days on which people do not work: 2026-01-20,2026-02-11.",
        CustomParser = ParseDates,
    };

    private readonly Option<bool> _content = new("--content") { Description = "Write arguments, results and the content of requests too." };

    public SimulationArguments(SimulationOptions defaults)
    {
        _seed = new Option<int>("--seed") { Description = "The same seed gives the same calls.", DefaultValueFactory = _ => defaults.Seed };
        _agents = new Option<int>("--agents") { Description = "Agents in the fleet.", DefaultValueFactory = _ => defaults.Agents };
        _duration = new Option<TimeSpan>("--duration") { Description = "Simulated time, such as 21d.", DefaultValueFactory = _ => defaults.Duration, CustomParser = Durations.Parse };
        _quiet = new Option<TimeSpan>("--quiet-for") { Description = "Time without incidents at the beginning, for learning.", DefaultValueFactory = _ => defaults.QuietFor, CustomParser = Durations.Parse };
        _incidents = new Option<int>("--incidents") { Description = "Incidents to plan.", DefaultValueFactory = _ => defaults.Incidents };
        _disturbances = new Option<int>("--disturbances") { Description = "Benign disturbances to plan: what looks like trouble and is none.", DefaultValueFactory = _ => defaults.Disturbances };
        _start = new Option<DateTimeOffset>("--start") { Description = "First moment of the simulation.", DefaultValueFactory = _ => defaults.Start };
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_seed, _agents, _duration, _quiet, _incidents, _start, _kinds, _incidentKinds, _disturbances, _disturbanceKinds, _holidays, _content])
        {
            command.Options.Add(option);
        }
    }

    public SimulationOptions Read(ParseResult arguments) => new()
    {
        Seed = arguments.GetValue(_seed),
        Agents = arguments.GetValue(_agents),
        Duration = arguments.GetValue(_duration),
        QuietFor = arguments.GetValue(_quiet),
        Incidents = arguments.GetValue(_incidents),
        Start = arguments.GetValue(_start),
        Kinds = arguments.GetValue(_kinds) ?? [],
        IncidentKinds = arguments.GetValue(_incidentKinds) ?? [],
        Disturbances = arguments.GetValue(_disturbances),
        DisturbanceKinds = arguments.GetValue(_disturbanceKinds) ?? [],
        Holidays = arguments.GetValue(_holidays) ?? [],
        Content = arguments.GetValue(_content),
    };

    private delegate bool TryParse<T>(string name, out T kind);

    private static Option<T[]> KindsOption<T>(string name, string description, TryParse<T> tryParse, IReadOnlyList<string> known) => new(name)
    {
        Description = description,
        CustomParser = argument =>
        {
            var kinds = new List<T>();
            foreach (var text in Items(argument))
            {
                if (tryParse(text, out var kind))
                {
                    kinds.Add(kind);
                }
                else
                {
                    argument.AddError($"'{text}' is no kind for {name}; there are: {string.Join(", ", known)}.");
                    return [];
                }
            }

            return [.. kinds];
        },
    };

    private static DateOnly[] ParseDates(ArgumentResult argument)
    {
        var dates = new List<DateOnly>();
        foreach (var text in Items(argument))
        {
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                argument.AddError($"'{text}' is not a date such as 2026-01-20.");
                return [];
            }

            dates.Add(date);
        }

        return [.. dates];
    }

    private static IEnumerable<string> Items(ArgumentResult argument) =>
        argument.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
