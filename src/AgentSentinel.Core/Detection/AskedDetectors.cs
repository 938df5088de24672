using AgentSentinel.Core.Events;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detection;

/// <summary>Which detectors are asked when, by what their baselines override: a bit for the position of each.</summary>
/// <param name="ToScoreCalls">Those that score calls.</param>
/// <param name="ToLearnCalls">Those that learn from calls.</param>
/// <param name="OfWindows">Those that look at closed windows; most look at calls only.</param>
internal sealed record AskedDetectors(uint ToScoreCalls, uint ToLearnCalls, uint OfWindows)
{
    public static AskedDetectors Of(Baseline[] baselines) => new(
        Those(baselines, b => Overrides(b, nameof(Baseline.Score), typeof(ToolCall), typeof(AgentWindow))),
        Those(baselines, b => Overrides(b, nameof(Baseline.Learn), typeof(ToolCall), typeof(LearningGate))),
        Those(baselines, b => Overrides(b, nameof(Baseline.Score), typeof(AgentWindow))
            || Overrides(b, nameof(Baseline.Learn), typeof(AgentWindow), typeof(LearningGate))
            || Overrides(b, nameof(Baseline.ExpectedCalls), typeof(AgentWindow))));

    private static uint Those(Baseline[] baselines, Func<Baseline, bool> isAsked) =>
        baselines.Index().Aggregate(0u, (bits, item) => isAsked(item.Item) ? bits | (1u << item.Index) : bits);

    private static bool Overrides(Baseline baseline, string method, params Type[] parameters) =>
        baseline.GetType().GetMethod(method, parameters)?.DeclaringType != typeof(Baseline);
}
