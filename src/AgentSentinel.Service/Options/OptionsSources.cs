using System.Collections;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace AgentSentinel.Service.Options;

/// <summary>Where configuration comes from, the later over the earlier: a JSON file, the environment, the command line.</summary>
public static class OptionsSources
{
    /// <summary>What a variable's name begins with; <c>__</c> parts its keys: <c>SENTINEL__Kafka__GroupId</c>.</summary>
    public const string Prefix = "SENTINEL__";

    /// <summary>
    /// The sources of this process. A file that is missing or no JSON is an error, with its line. Of an override said twice the last
    /// counts; a variable said twice, in different case, is an error, since variables have no order.
    /// </summary>
    public static OptionsResult<IConfiguration> Build(string? file, IEnumerable<KeyValuePair<string, string?>> overrides) =>
        Build(
            file,
            Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value)),
            overrides);

    /// <summary>The same with an environment of the caller's.</summary>
    public static OptionsResult<IConfiguration> Build(
        string? file, IEnumerable<KeyValuePair<string, string?>> environment, IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            if (!File.Exists(file))
            {
                return new([new(file, "The configuration file does not exist.")]);
            }

            // No watching: options are read once, at the start.
            builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        }

        var variables = environment.Where(IsOurs).Select(ToKey).GroupBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase).ToArray();
        var doubled = variables.Where(group => group.Count() > 1).Select(group => new OptionsError(OptionsText.Shown(group.Key), "Set by several environment variables that differ in case only.")).ToArray();
        if (doubled.Length > 0)
        {
            return new(doubled);
        }

        builder.AddInMemoryCollection(variables.Select(group => group.Single()));
        builder.AddInMemoryCollection(overrides.GroupBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).Select(group => group.Last()));
        try
        {
            return new(builder.Build());
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new([new(file ?? "", Explain(e))]);
        }
    }

    private static bool IsOurs(KeyValuePair<string, string?> variable) => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    private static KeyValuePair<string, string?> ToKey(KeyValuePair<string, string?> variable) =>
        KeyValuePair.Create(variable.Key[Prefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), variable.Value);

    /// <summary>The message of System.Text.Json would quote the file, which may hold secrets: only the place is told.</summary>
    private static string Explain(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is JsonException { LineNumber: { } line } json)
            {
                return string.Create(CultureInfo.InvariantCulture, $"Line {line + 1}, byte {json.BytePositionInLine + 1}: not valid JSON.");
            }
        }

        return e is InvalidDataException ? OptionsText.Shown(e.InnerException?.Message ?? e.Message) : $"The configuration file cannot be read ({e.GetType().Name}).";
    }
}
