namespace AgentSentinel.Service.Influx;

/// <summary>One series of a query's answer.</summary>
/// <param name="Name">The measurement.</param>
/// <param name="Tags">Tags by which the answer is grouped.</param>
/// <param name="Columns">Names of the columns; the first is the time, in nanoseconds since 1970.</param>
/// <param name="Rows">Values, of type long, double, string, bool or null.</param>
public sealed record InfluxSeries(string Name, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);
