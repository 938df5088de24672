using System.CommandLine;
using System.Text.Json;
using AgentSentinel.Cli.Remote;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel suspend</c>, <c>lift</c>, <c>approve</c>, <c>dismiss</c>, <c>verdict</c>, <c>disarm</c> and <c>arm</c>: commands to a running service.</summary>
internal static class OperatorCommandLines
{
    private const string Everybody = "*";

    public static IEnumerable<Command> Create()
    {
        yield return Suspend();
        yield return OfTarget("lift", "Lift a suspension, or withdraw one that is only proposed.", "SUSPENSION", "Id of the suspension: sus_…");
        yield return OfTarget("approve", "Carry out a proposed suspension. Where two people are needed the first one's word waits for the second's.", "SUSPENSION", "Id of the suspension: sus_…");
        yield return OfTarget("dismiss", "Close an incident as not worth acting on, and withdraw what it proposed.", "INCIDENT", "Id of the incident: inc_…");
        yield return Verdict();
        yield return OfOwner("disarm", "Stop all automation at once, or that for one owner's agents: what it would order is proposed.");
        yield return OfOwner("arm", "Let the automation go on.");
    }

    /// <summary>Belongs under <c>audit</c>.</summary>
    public static Command Erase()
    {
        var value = new Argument<string>("VALUE") { Description = "The value, such as a person's name, exactly as it stands in the trail. Only its keyed fingerprint is written down." };
        var command = Give("erase", "Erase a value wherever it stands in the audit trail of a running service; the chain stays whole.", (arguments, reason) =>
            new RemoteCommand("erase", arguments.GetValue(value)!, reason));
        command.Arguments.Add(value);
        return command;
    }

    private static Command Suspend()
    {
        var agent = new Argument<string>("AGENT") { Description = "Id of the agent." };
        var session = new Option<string?>("--session") { Description = "Only this session of the agent." };
        var credential = new Option<string?>("--credential") { Description = "Only this credential of the agent." };
        var command = Give("suspend", "Suspend an agent, or a session or credential of it.", (arguments, reason) =>
            new RemoteCommand("suspend", arguments.GetValue(agent)!, reason) { Session = arguments.GetValue(session), Credential = arguments.GetValue(credential) });
        command.Arguments.Add(agent);
        command.Options.Add(session);
        command.Options.Add(credential);
        command.Validators.Add(result =>
        {
            if (result.GetResult(session) is not null && result.GetResult(credential) is not null)
            {
                result.AddError("Either --session or --credential.");
            }
        });
        return command;
    }

    private static Command Verdict()
    {
        var target = new Argument<string>("TARGET") { Description = "Id of the incident (inc_…) or suspension (sus_…)." };
        var verdict = new Argument<string>("VERDICT") { Description = "justified: rightly so. false: the agent did nothing wrong; its suspension is lifted and not held against it." };
        verdict.AcceptOnlyFromAmong("justified", "false");
        var command = Give("verdict", "Say what came out about an incident or a suspension.", (arguments, reason) =>
            new RemoteCommand("verdict", arguments.GetValue(target)!, reason) { Verdict = arguments.GetValue(verdict) });
        command.Arguments.Add(target);
        command.Arguments.Add(verdict);
        return command;
    }

    private static Command OfTarget(string name, string description, string argument, string what)
    {
        var target = new Argument<string>(argument) { Description = what };
        var command = Give(name, description, (arguments, reason) => new RemoteCommand(name, arguments.GetValue(target)!, reason));
        command.Arguments.Add(target);
        return command;
    }

    private static Command OfOwner(string name, string description)
    {
        var owner = new Option<string>("--owner") { Description = "Only for the agents of this owner.", DefaultValueFactory = _ => Everybody };
        var command = Give(name, description, (arguments, reason) => new RemoteCommand(name, arguments.GetValue(owner)!, reason));
        command.Options.Add(owner);
        return command;
    }

    private static Command Give(string name, string description, Func<ParseResult, string, RemoteCommand> read)
    {
        var server = new ServerArguments();
        var reason = new Option<string>("--reason", "-r") { Description = "Why. It stands in the journal and the audit beside your name.", Required = true };
        var command = new Command(name, $"{description} Exits with 1 when it changed nothing or its outcome is not known.");
        server.AddTo(command);
        command.Options.Add(reason);
        command.SetAction((arguments, cancellationToken) => server.RunAsync(arguments, async service =>
            Tell(await service.CommandAsync(read(arguments, arguments.GetValue(reason)!), cancellationToken))));
        return command;
    }

    private static int Tell(JsonElement outcome)
    {
        var id = outcome.GetProperty("command").GetProperty("id").GetString();
        var state = outcome.GetProperty("state").GetString();
        foreach (var effect in outcome.GetProperty("effects").EnumerateArray())
        {
            Console.Out.WriteLine(PlainText.Of(effect.GetString()!));
        }

        foreach (var suspension in outcome.GetProperty("suspension_ids").EnumerateArray())
        {
            Console.Out.WriteLine($"suspension {PlainText.Of(suspension.GetString()!)}");
        }

        Console.Out.WriteLine(state switch
        {
            "done" => $"Done ({id}).",
            "no_effect" => $"It changed nothing ({id}): what it is about is not there (any more), or is so already.",
            _ => $"It is in the journal ({id}); what came of it is not known yet.",
        });
        return state == "done" ? ExitCode.Success : ExitCode.Failed;
    }
}
