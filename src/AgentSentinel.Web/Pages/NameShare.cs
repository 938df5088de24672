using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;

namespace AgentSentinel.Web.Pages;

/// <summary>How much of an agent's calls a tool or dataset takes, usually and of late.</summary>
/// <param name="Name">The tool or dataset; null for all those that are not told apart. Text from telemetry: data.</param>
/// <param name="Usual">Share of the calls before, 0 to 1.</param>
/// <param name="Now">Share of the calls of late, 0 to 1.</param>
/// <param name="Calls">Calls of late.</param>
public sealed record NameShare(string? Name, double Usual, double Now, long Calls)
{
    /// <summary>Used of late and not before.</summary>
    public bool IsNew => Usual == 0 && Calls > 0 && Name is not null;

    /// <summary>Those that take most, of late or before.</summary>
    /// <param name="dimension">Tools or datasets.</param>
    /// <param name="usual">Series with their calls before.</param>
    /// <param name="now">The same of late.</param>
    /// <param name="most">How many.</param>
    public static IReadOnlyList<NameShare> Of(WindowDimension dimension, IReadOnlyList<SeriesName> usual, IReadOnlyList<SeriesName> now, int most)
    {
        var (before, late) = (CallsOf(dimension, usual), CallsOf(dimension, now));
        double allBefore = Math.Max(1, before.Values.Sum()), allLate = Math.Max(1, late.Values.Sum());
        return [.. before.Keys.Union(late.Keys)
            .Select(key => new NameShare(key.IsRest ? null : key.Name, before.GetValueOrDefault(key) / allBefore, late.GetValueOrDefault(key) / allLate, late.GetValueOrDefault(key)))
            .OrderByDescending(share => share.IsNew)
            .ThenByDescending(share => Math.Max(share.Usual, share.Now))
            .ThenBy(share => share.Name, StringComparer.Ordinal)
            .Take(most)];
    }

    private static Dictionary<(string Name, bool IsRest), long> CallsOf(WindowDimension dimension, IReadOnlyList<SeriesName> names) =>
        names.Where(n => n.Dimension == dimension).ToDictionary(n => (n.Name, n.IsRest), n => n.Calls);
}
