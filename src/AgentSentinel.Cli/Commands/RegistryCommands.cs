using System.CommandLine;
using AgentSentinel.Core.Events;
using AgentSentinel.Service.Declarations;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel agents set</c> and <c>remove</c>: change the registry of a running service.</summary>
internal static class RegistryCommands
{
    public static IEnumerable<Command> Create()
    {
        yield return Set();
        yield return Remove();
    }

    private static Command Set()
    {
        var server = new ServerArguments();
        var file = new Argument<string>("FILE") { Description = "Agents, YAML or JSON as in a registry file; what it says of resources is not taken." };
        var reason = Reason();
        var command = new Command("set", "Register agents, or change what is registered of them. Each entry replaces the one with its id; others stay.") { file };
        server.AddTo(command);
        command.Options.Add(reason);
        command.SetAction((arguments, cancellationToken) =>
        {
            var errors = new List<DeclarationError>();
            var registry = RegistryFile.Read(arguments.GetValue(file)!, errors);
            if (errors.Count > 0)
            {
                errors.ForEach(Console.Error.WriteLine);
                return Task.FromResult(ExitCode.Usage);
            }

            return server.RunAsync(arguments, async service =>
            {
                foreach (var agent in registry.Agents)
                {
                    await service.RegisterAsync(agent, arguments.GetValue(reason)!, cancellationToken);
                    await Console.Out.WriteLineAsync($"{PlainText.Of(agent.Id)} is in the journal.");
                }

                return ExitCode.Success;
            });
        });
        return command;
    }

    private static Command Remove()
    {
        var server = new ServerArguments();
        var id = new Argument<string>("ID") { Description = "Id of the entry: an agent's, or a glob." };
        var reason = Reason();
        var command = new Command("remove", "Remove an entry of the registry, also one that the registry file has.") { id };
        server.AddTo(command);
        command.Options.Add(reason);
        command.SetAction((arguments, cancellationToken) => server.RunAsync(arguments, async service =>
        {
            await service.RemoveAsync(arguments.GetValue(id)!, arguments.GetValue(reason)!, cancellationToken);
            await Console.Out.WriteLineAsync("The removal is in the journal.");
            return ExitCode.Success;
        }));
        return command;
    }

    private static Option<string> Reason() => new("--reason", "-r") { Description = "Why. It stands in the journal and the audit beside your name.", Required = true };
}
