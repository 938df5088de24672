using AgentSentinel.Core.Response;

namespace AgentSentinel.Web.Live;

/// <summary>How far the automation may go now, and what is left of its budget.</summary>
/// <param name="Mode">The mode of the options or of the policy.</param>
/// <param name="DisarmedFor">Owners for whom it is disarmed; <c>*</c> for all; empty when it is armed.</param>
/// <param name="MostPerHour">Automatic suspensions allowed within an hour.</param>
/// <param name="UsedThisHour">Those ordered within the last hour.</param>
/// <param name="PolicyVersion">The policy in force.</param>
public sealed record AutomationState(SuspensionMode Mode, IReadOnlyList<string> DisarmedFor, int MostPerHour, int UsedThisHour, string PolicyVersion)
{
    /// <summary>Disarmed for everybody.</summary>
    public bool IsDisarmed => DisarmedFor.Contains("*");

    /// <summary>Suspensions that it may still order within the hour.</summary>
    public int Left => Math.Max(0, MostPerHour - UsedThisHour);
}
