using AgentSentinel.Core.Detection;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>What is said while baselines are young.</summary>
internal static class Warmth
{
    public static string? Caveat(int days) => days >= CallModel.SettledDays ? null
        : Sentence.Of($"known for {days} day{(days == 1 ? "" : "s")}; baselines settle after {CallModel.SettledDays}");
}
