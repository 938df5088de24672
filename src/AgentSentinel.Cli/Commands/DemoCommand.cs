using System.CommandLine;
using System.Globalization;
using AgentSentinel.Cli.Demo;
using AgentSentinel.Core.Events;
using Microsoft.AspNetCore.Connections;
using Spectre.Console;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel demo</c>: an agent goes wrong, is noticed, explained and suspended, with nothing installed.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var duration = new Option<TimeSpan?>("--for")
        {
            Description = "How long it takes, such as 60s or 2m; at least 20s. Without it: a minute, and then the console stays until Ctrl+C.",
            CustomParser = result => Durations.Parse(result),
        };
        var agents = new Option<int>("--agents") { Description = "Agents in the fleet.", DefaultValueFactory = _ => 40 };
        var seed = new Option<int>("--seed") { Description = "Seed of the fleet and its incidents.", DefaultValueFactory = _ => 1 };
        var incidents = new Option<int>("--incidents") { Description = "Incidents during the day that is shown and the three days before it.", DefaultValueFactory = _ => 20 };
        var port = new Option<int>("--port") { Description = "Port of the console on this machine; 0 for a free one.", DefaultValueFactory = _ => 8088 };
        var plain = new Option<bool>("--plain") { Description = "Plain lines even on a terminal." };
        var command = new Command("demo", "Everything in one process: broker, simulated fleet, service, receiver, console. Shows incidents found, explained and suspended.")
        {
            duration, agents, seed, incidents, port, plain,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var wanted = arguments.GetValue(duration);
            var settings = new DemoSettings(wanted ?? TimeSpan.FromSeconds(60), arguments.GetValue(agents), arguments.GetValue(seed), arguments.GetValue(incidents), arguments.GetValue(port));
            var isScreen = !arguments.GetValue(plain) && AnsiConsole.Profile.Out.IsTerminal;
            await using IDemoView view = isScreen ? new ScreenView(AnsiConsole.Console, TimeProvider.System) : new LineView(Console.Out);
            try
            {
                var summary = await new DemoRun(settings, view, TimeProvider.System).RunAsync(
                    async (shown, console, stop) =>
                    {
                        await view.DisposeAsync();
                        await Console.Out.WriteAsync(Text(shown));
                        if (wanted is null)
                        {
                            await Console.Out.WriteLineAsync($"The console stays at {console} until Ctrl+C.");
                            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                        }
                    },
                    cancellationToken);
                return summary.Outcomes.Count > 0 && summary.Suspended == 0 ? ExitCode.Failed : ExitCode.Success;
            }
            catch (IOException error) when (error.InnerException is AddressInUseException)
            {
                await Console.Error.WriteLineAsync($"Port {settings.Port} of this machine is taken. Choose another with --port, or 0 for a free one.");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static string Text(DemoSummary summary)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        output.WriteLine();
        foreach (var (incident, detectedAfter, isSuspended, isConfirmed, prevented) in summary.Outcomes)
        {
            var found = detectedAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $"caught after {after:h\\:mm\\:ss}") : "MISSED";
            var stopped = isSuspended ? string.Create(CultureInfo.InvariantCulture, $", suspended{(isConfirmed ? " and confirmed" : "")}, {prevented:N0} of its calls prevented") : "";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {incident.Start:HH:mm} {incident.KindName,-20} {PlainText.Of(incident.AgentId),-28} {found}{stopped}"));
        }

        foreach (var alarm in summary.FalseAlarms)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {alarm.LastEventTime:HH:mm} {"false alarm",-20} {PlainText.Of(alarm.AgentId),-28} [{alarm.Severity}] {PlainText.Of(alarm.Summary)}"));
        }

        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Caught} of {summary.Outcomes.Count} incidents caught, {summary.Suspended} suspended, {summary.Outcomes.Count - summary.Caught} missed; {summary.FalseAlarms.Count} false alarms in the last four days, {summary.DuringLearning} in the days before, {summary.SuspendedWhileLearning} of them suspended."));
        return output.ToString();
    }
}
