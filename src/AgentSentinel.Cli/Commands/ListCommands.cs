using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AgentSentinel.Cli.Remote;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel agents</c>, <c>incidents</c>, <c>suspensions</c> and <c>audit list</c>: what a running service knows, as a table or as JSON.</summary>
internal static class ListCommands
{
    public static IEnumerable<Command> Create()
    {
        yield return Agents();
        yield return Incidents();
        yield return Suspensions();
    }

    /// <summary><c>sentinel audit list</c>.</summary>
    public static Command Audit()
    {
        var agent = Agent();
        var actor = new Option<string?>("--by") { Description = "Only what this person commanded." };
        var kind = new Option<string?>("--kind") { Description = "Only entries of this kind: anomaly, command, delivery, seen, fleet." };
        return List(
            "list",
            "List entries of the journal, the newest first: what was found, commanded and delivered.",
            [agent, actor, kind],
            arguments => Query("/v1/audit?ascending=false", ("agent", arguments.GetValue(agent)), ("actor", arguments.GetValue(actor)), ("kind", arguments.GetValue(kind))),
            ["POSITION", "RECORDED", "KIND", "BY", "AGENT", "WHAT"],
            row => [Number(row, "position"), Time(row, "recorded_at"), Text(row, "kind"), Text(row, "actor"), Text(row, "agent_id"), Text(row, "summary")]);
    }

    private static Command Agents()
    {
        var contains = new Option<string?>("--contains") { Description = "Only ids that contain this text." };
        var suspended = new Option<bool>("--suspended") { Description = "Only agents with a suspension, a proposed one included." };
        var atLeast = Severity();
        var agents = List(
            "agents",
            "List agents, those at highest risk first.",
            [contains, suspended, atLeast],
            arguments => Query(
                "/v1/agents?order=risk&descending=true",
                ("contains", arguments.GetValue(contains)),
                ("has_suspension", arguments.GetValue(suspended) ? "true" : null),
                ("at_least", arguments.GetValue(atLeast))),
            ["AGENT", "REGISTERED", "SEVERITY", "RISK", "ANOMALIES", "LAST SEEN", "SUSPENSION", "STATE"],
            row =>
            [
                Text(row, "id"), Registration(row), Text(row, "severity"), Number(row, "current_risk"), Number(row, "anomalies"), Time(row, "last_seen"),
                Text(row, "suspension_id"), Text(row, "suspension_state"),
            ]);
        agents.Subcommands.Add(List(
            "unregistered",
            "List agents that act and are not registered.",
            [],
            _ => "/v1/unregistered-agents?",
            ["AGENT", "FIRST SEEN", "LAST SEEN", "MISTAKABLE FOR"],
            row => [Text(row, "id"), Time(row, "first_seen"), Time(row, "last_seen"), Text(row, "mistakable_for")]));
        foreach (var command in RegistryCommands.Create())
        {
            agents.Subcommands.Add(command);
        }

        return agents;
    }

    private static string? Registration(JsonElement row) => row.GetProperty("is_registered").ValueKind switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => Text(row, "mistakable_for") is { } other ? $"NO, looks like {other}" : "NO",
        _ => null,
    };

    private static Command Incidents()
    {
        var agent = Agent();
        var all = new Option<bool>("--all") { Description = "Closed incidents too." };
        var atLeast = Severity();
        return List(
            "incidents",
            "List open incidents, the newest first.",
            [agent, all, atLeast],
            arguments => Query(
                "/v1/incidents?order=opened",
                ("agent", arguments.GetValue(agent)),
                ("open", arguments.GetValue(all) ? null : "true"),
                ("at_least", arguments.GetValue(atLeast))),
            ["INCIDENT", "OPENED", "SEVERITY", "RISK", "AGENT", "WHAT HAPPENED"],
            row => [Text(row, "id"), Time(row, "opened_at"), Text(row, "severity"), Number(row, "risk"), Text(row, "agent_id"), Text(row, "summary")]);
    }

    private static Command Suspensions()
    {
        var agent = Agent();
        var all = new Option<bool>("--all") { Description = "Those that are over too." };
        return List(
            "suspensions",
            "List suspensions that are proposed or in force, the newest first.",
            [agent, all],
            arguments => Query("/v1/suspensions?ascending=false", ("agent", arguments.GetValue(agent)), ("ended", arguments.GetValue(all) ? null : "false")),
            ["SUSPENSION", "STATE", "AGENT", "TARGET", "READ BACK", "EXPIRES", "BY", "REASON"],
            row =>
            [
                Text(row, "id"), Text(row, "state"), Text(row, "agent_id"), Text(row, "target") == "agent" ? "agent" : $"{Text(row, "target")} {Text(row, "target_id")}",
                ReadBack(row), Time(row, "expires_at"), Text(row, "decided_by"), Text(row, "reason"),
            ]);
    }

    private static string? ReadBack(JsonElement row) => row.GetProperty("residual_access_seconds") is { ValueKind: JsonValueKind.Number } left && left.GetDouble() > 0
        ? $"{Text(row, "verification")}; access may go on for {Durations.Of(TimeSpan.FromSeconds(left.GetDouble()))}"
        : Text(row, "verification");

    private static Command List(
        string name, string description, Option[] options, Func<ParseResult, string> path, string[] headings, Func<JsonElement, string?[]> cells)
    {
        var server = new ServerArguments();
        var limit = new Option<int>("--limit") { Description = "Most rows.", DefaultValueFactory = _ => 50 };
        var json = new Option<bool>("--json") { Description = "One JSON object per line, in full." };
        var command = new Command(name, description);
        server.AddTo(command);
        foreach (var option in (Option[])[.. options, limit, json])
        {
            command.Options.Add(option);
        }

        command.SetAction((arguments, cancellationToken) => server.RunAsync(arguments, async service =>
        {
            var table = new TextTable(headings);
            var (left, after) = (arguments.GetValue(limit), "");
            while (left > 0 && after is not null)
            {
                var page = await service.GetAsync(Query(path(arguments), ("limit", Math.Min(left, 500).ToString(CultureInfo.InvariantCulture)), ("after", after.Length > 0 ? after : null)), cancellationToken);
                foreach (var row in page.GetProperty("items").EnumerateArray())
                {
                    left--;
                    if (arguments.GetValue(json))
                    {
                        await Console.Out.WriteLineAsync(row.GetRawText());
                    }
                    else
                    {
                        table.Add(cells(row));
                    }
                }

                after = page.GetProperty("next").GetString();
            }

            if (!arguments.GetValue(json))
            {
                table.Write(Console.Out);
            }

            if (after is not null)
            {
                await Console.Error.WriteLineAsync("There are more: see --limit.");
            }

            return ExitCode.Success;
        }));
        return command;
    }

    private static Option<string?> Agent() => new("--agent") { Description = "Only of this agent." };

    private static Option<string?> Severity()
    {
        var option = new Option<string?>("--at-least") { Description = "Least severity: low, medium, high or critical." };
        option.AcceptOnlyFromAmong("low", "medium", "high", "critical");
        return option;
    }

    private static string Query(string path, params (string Name, string? Value)[] words) =>
        path + string.Concat(words.Where(w => w.Value is not null).Select(w => $"&{w.Name}={Uri.EscapeDataString(w.Value!)}"));

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).ValueKind == JsonValueKind.Null ? null : row.GetProperty(name).ToString();

    private static string Number(JsonElement row, string name) => row.GetProperty(name).GetDouble().ToString("0.##", CultureInfo.InvariantCulture);

    private static string Time(JsonElement row, string name) => row.GetProperty(name).GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
