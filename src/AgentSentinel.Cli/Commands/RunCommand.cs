using System.CommandLine;
using AgentSentinel.Core.Response;
using AgentSentinel.Service;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel run</c>: the service on a real broker, until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var options = new OptionsArguments();
        var command = new Command("run", "Run the service. Stops on SIGTERM or Ctrl+C after draining, checkpointing and committing.");
        options.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            if (options.Read(arguments) is not { } sentinel)
            {
                return ExitCode.Usage;
            }

            // A replay may ask what a mode would have done; a service that cannot carry it out must not promise it.
            var policy = DeclarationSet.Read(sentinel.Declarations).Policy;
            var mode = policy?.Modes.Select(m => m.Mode).Append(policy.Mode ?? sentinel.Response.Suspension.Mode).Max() ?? sentinel.Response.Suspension.Mode;
            if (mode != SuspensionMode.Observe && !sentinel.CanSuspend)
            {
                await Console.Error.WriteLineAsync($"The mode {(policy is null ? "of Response:Suspension" : "of the policy, for some agents at least,")} is {mode}, but there is neither a Webhook:Url nor anything in Suspensions to carry a suspension out.");
                return ExitCode.Usage;
            }

            await using var host = SentinelHost.Build(sentinel, builder => SocConsole.AddTo(builder, sentinel));
            SocConsole.MapOn(host);
            try
            {
                await host.RunAsync(cancellationToken);
                return ExitCode.Success;
            }
            catch (IOException error) when (error.InnerException is AddressInUseException)
            {
                await Console.Error.WriteLineAsync($"{error.Message} It is one of Health:Url and Api:Url.");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
