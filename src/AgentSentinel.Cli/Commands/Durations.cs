using System.CommandLine.Parsing;
using System.Globalization;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Commands;

/// <summary>Durations on the command line, written as in the options: 60s, 5m, 2h.</summary>
internal static class Durations
{
    public static TimeSpan Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (OptionsText.TryParseDuration(text, out var duration) && duration > TimeSpan.Zero)
        {
            return duration;
        }

        argument.AddError($"'{text}' is not a duration such as 60s, 5m or 2h.");
        return TimeSpan.Zero;
    }

    /// <summary>A duration for people, to two digits or so.</summary>
    public static string Of(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{(
        duration.TotalDays >= 2 ? duration.TotalDays : duration.TotalHours >= 2 ? duration.TotalHours : duration.TotalMinutes):0.#} {(
        duration.TotalDays >= 2 ? "d" : duration.TotalHours >= 2 ? "h" : "min")}");
}
