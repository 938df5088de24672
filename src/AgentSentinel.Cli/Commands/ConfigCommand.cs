using System.CommandLine;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel config</c>: the effective options with their documentation, after checking them.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var options = new OptionsArguments();
        var command = new Command("config", "Check the options and print the effective ones with their documentation.");
        options.AddTo(command);
        command.SetAction(arguments =>
        {
            if (options.Read(arguments) is not { } sentinel)
            {
                return ExitCode.Usage;
            }

            foreach (var row in OptionsDocument.Describe(sentinel))
            {
                var isDefault = row.Value == row.Default;
                Console.Out.WriteLine($"{row.Key} = {row.Value}{(isDefault ? "" : $"    (default: {row.Default})")}");
                Console.Out.WriteLine($"    {row.Description} [{row.Type}]");
            }

            return ExitCode.Success;
        });
        return command;
    }
}
