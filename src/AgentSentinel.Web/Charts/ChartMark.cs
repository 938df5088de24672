namespace AgentSentinel.Web.Charts;

/// <summary>An anomaly in a chart.</summary>
/// <param name="Id">Where its row is, as a fragment of the page's address.</param>
/// <param name="Time">When.</param>
/// <param name="Label">In words. May quote telemetry: data.</param>
/// <param name="Expected">The usual range of the very thing that is drawn, from when on and how much; null when it is about something else.</param>
public sealed record ChartMark(string Id, DateTimeOffset Time, string Label, (DateTimeOffset From, double Low, double High)? Expected);
