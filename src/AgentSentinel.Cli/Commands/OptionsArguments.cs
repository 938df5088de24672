using System.CommandLine;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Commands;

/// <summary>The arguments with which every command takes the service's options, and how they are read.</summary>
internal sealed class OptionsArguments
{
    private readonly Option<string?> _file = new("--config", "-c") { Description = "JSON file with options; environment variables SENTINEL__Section__Key and --set come after it." };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "One option, as Section:Key=value. May be repeated.",
        DefaultValueFactory = _ => [],
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_set);
    }

    /// <summary>Reads and checks the options. Lists everything that is wrong on standard error and returns null then.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="fixedByCommand">Options that the command itself sets, over everything else.</param>
    public SentinelOptions? Read(ParseResult arguments, params KeyValuePair<string, string?>[] fixedByCommand)
    {
        var errors = new List<OptionsError>();
        var overrides = new List<KeyValuePair<string, string?>>();
        foreach (var assignment in arguments.GetValue(_set) ?? [])
        {
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                errors.Add(new OptionsError("--set", "Expected Section:Key=value."));
            }
            else
            {
                overrides.Add(KeyValuePair.Create(assignment[..equals], (string?)assignment[(equals + 1)..]));
            }
        }

        overrides.AddRange(fixedByCommand);
        var sources = OptionsSources.Build(arguments.GetValue(_file), overrides);
        errors.AddRange(sources.Errors);
        var options = sources.IsValid ? OptionsReader.Read<SentinelOptions>(sources.Value) : null;
        errors.AddRange(options?.Errors ?? []);
        if (options is { IsValid: true })
        {
            DeclarationSet.Read(options.Value.Declarations, out var declarations);
            errors.AddRange(declarations.Select(e => new OptionsError("", e.ToString())));
        }

        if (errors.Count == 0)
        {
            return options!.Value;
        }

        Console.Error.WriteLine($"The configuration has {errors.Count} error(s):");
        foreach (var error in errors)
        {
            Console.Error.WriteLine($"  {error}");
        }

        return null;
    }
}
