namespace AgentSentinel.Web.Live;

/// <summary>How the lines of this process are doing.</summary>
/// <param name="CallsPerSecond">Tool calls read, mean of the last seconds; null while nothing was measured, or when no line runs here.</param>
/// <param name="Lag">Tool calls not yet read; null when no line runs here.</param>
/// <param name="Complaints">What does not work, a sentence each.</param>
/// <param name="Rates">Calls per second of the latest minutes, oldest first.</param>
public sealed record LineState(double? CallsPerSecond, long? Lag, IReadOnlyList<string> Complaints, IReadOnlyList<double> Rates)
{
    /// <summary>Nothing runs here.</summary>
    public static LineState None { get; } = new(null, null, [], []);
}
