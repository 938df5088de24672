using System.CommandLine;
using AgentSentinel.Cli.Alerts;
using AgentSentinel.Service;
using AgentSentinel.Service.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel alert test</c>: a test alert through every configured output, with what became of it.</summary>
internal static class AlertCommand
{
    public static Command Create() => new("alert", "Alerts and their outputs.") { CreateTest() };

    private static Command CreateTest()
    {
        var options = new OptionsArguments();
        var output = new Option<string?>("--output", "-o") { Description = "Only the output of that name, such as slack or syslog." };
        var command = new Command("test", "Send a test alert, and its end, through the configured outputs and print each outcome. Exits with 1 when one failed.") { output };
        options.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            if (options.Read(arguments) is not { } sentinel)
            {
                return ExitCode.Usage;
            }

            // The service's own sinks, composed as it composes them, without starting it.
            await using var host = SentinelHost.Build(sentinel, builder => builder.Logging.ClearProviders());
            var sinks = host.Services.GetServices<IAlertSink>().ToArray();
            var name = arguments.GetValue(output);
            var chosen = sinks.Where(sink => name is null || sink.Name == name).ToArray();
            if (chosen.Length == 0)
            {
                await Console.Error.WriteLineAsync(name is null
                    ? "No output is configured: see the section Alerts of the options."
                    : $"No output of that name is configured; there are: {string.Join(", ", sinks.Select(sink => sink.Name))}.");
                return ExitCode.Usage;
            }

            var test = new AlertTest(sentinel.Alerts.Timeout, host.Services.GetRequiredService<TimeProvider>());
            return await test.RunAsync(chosen, Console.Out, cancellationToken) ? ExitCode.Success : ExitCode.Failed;
        });
        return command;
    }
}
