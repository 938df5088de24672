using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detection;

/// <summary>One point of a chart: what an agent did in one closed window, altogether or with one tool or dataset.</summary>
/// <param name="AgentId">The agent. Text from telemetry: data.</param>
/// <param name="Dimension">What is counted.</param>
/// <param name="Name">The tool or dataset; <see cref="Rest"/> when <paramref name="IsRest"/>; empty for the agent itself. Text from telemetry: data.</param>
/// <param name="IsRest">True for everything that is not among the heaviest few names.</param>
/// <param name="Start">Begin of the window.</param>
/// <param name="Calls">Tool calls.</param>
/// <param name="Failures">Calls that failed or were refused.</param>
/// <param name="Denials">Calls that a guardrail or permission refused; 0 unless it is about the agent.</param>
/// <param name="Records">Records read or written, as far as told.</param>
/// <param name="Bytes">Bytes of requests and results, as far as told.</param>
/// <param name="Tokens">Model tokens, as far as told; 0 unless it is about the agent.</param>
/// <param name="Expected">How many calls are usual; null when not known, or when it is not about the agent.</param>
/// <param name="Score">The highest anomaly score in the window, log10(1 + return period in days); 0 when nothing was unusual, or when it is not about the agent.</param>
/// <param name="DistinctResources">How many different resources were named; null when not counted.</param>
public readonly record struct WindowValue(
    string AgentId,
    WindowDimension Dimension,
    string Name,
    bool IsRest,
    DateTimeOffset Start,
    int Calls,
    int Failures,
    int Denials,
    double Records,
    double Bytes,
    double Tokens,
    ExpectedRange? Expected,
    double Score,
    double? DistinctResources = null)
{
    /// <summary>What the rest is called. A tool may have that name too: <see cref="IsRest"/> tells them apart.</summary>
    public const string Rest = "other";

    /// <summary>Adds a value of another name of the same window.</summary>
    public WindowValue Plus(in WindowValue other) => this with
    {
        Calls = Calls + other.Calls,
        Failures = Failures + other.Failures,
        Records = Records + other.Records,
        Bytes = Bytes + other.Bytes,
    };

    /// <summary>All values of a closed window: the agent's, then those of its tools and datasets.</summary>
    internal static void AddAll(List<WindowValue> values, AgentWindow window, ExpectedRange? expected)
    {
        // A window may hold requests alone.
        if (window.Calls == 0)
        {
            return;
        }

        var score = (Finding.None with { LogReturnPeriod = window.TopLogReturnPeriod }).Score;
        values.Add(new WindowValue(
            window.AgentId,
            WindowDimension.Agent,
            "",
            false,
            window.Start,
            window.Calls,
            window.Errors + window.Denials,
            window.Denials,
            window.Records,
            window.Bytes,
            window.Tokens,
            expected,
            score));
        AddAll(values, window, WindowDimension.Tool, window.Tools);
        AddAll(values, window, WindowDimension.Dataset, window.Datasets);
    }

    private static void AddAll(List<WindowValue> values, AgentWindow window, WindowDimension dimension, WindowBreakdown breakdown)
    {
        foreach (ref readonly var named in breakdown.Named)
        {
            values.Add(Of(named.Name, false, named));
        }

        if (breakdown.Rest.Calls > 0)
        {
            values.Add(Of(Rest, true, breakdown.Rest));
        }

        WindowValue Of(string name, bool isRest, in NameTotals totals) =>
            new(window.AgentId, dimension, name, isRest, window.Start, totals.Calls, totals.Failures, 0, totals.Records, totals.Bytes, 0, null, 0);
    }
}
