using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detection;

/// <summary>What the detection engine is asked for.</summary>
public sealed record DetectionOptions
{
    /// <summary>Event-time windows.</summary>
    [Description("Event-time windows.")]
    public WindowOptions Windows { get; init; } = new();

    /// <summary>The budget that all detectors share: false alerts per agent in 30 days.</summary>
    [Description("Budget: how many false alerts per agent and 30 days are acceptable. All detectors share it.")]
    [Range(0.001, 1000.0)]
    public double FalseAlertsPerAgentAnd30Days { get; init; } = 1;

    /// <summary>From this event time on calls are scored and nothing is learned; null learns for ever.</summary>
    [Description("From this event time on: score, don't learn. Empty means always learn.")]
    public DateTimeOffset? FreezeAt { get; init; }

    /// <summary>Most profiles kept in memory per partition; those unseen for longest are saved and dropped.</summary>
    [Description("Most agent profiles kept in memory per partition. Those unseen for longest are saved and dropped from memory.")]
    [Range(100, int.MaxValue)]
    public int MaxLiveProfiles { get; init; } = 25_000;

    /// <summary>Secret of the deployment that keys the fingerprints of names in saved memory; empty: a key that everybody knows.</summary>
    [PasswordPropertyText(true)]
    [Description("Secret of the deployment, at least 16 characters: keys the fingerprints of names in saved memory. Changing it makes every name unfamiliar. Empty: names in saved memory can be guessed, and an agent could look for names that collide.")]
    [RegularExpression("^(.{16,})?$", ErrorMessage = "needs at least 16 characters")]
    public string FingerprintSecret { get; init; } = "";

    /// <summary>The key that <see cref="FingerprintSecret"/> stands for.</summary>
    public FingerprintKey CreateFingerprintKey() =>
        FingerprintSecret.Length == 0 ? new FingerprintKey(0, 0) : FingerprintKey.FromSecret(Encoding.UTF8.GetBytes(FingerprintSecret));

    /// <summary>The least return period, in days, at which a detector with this share of the budget raises an anomaly.</summary>
    public double ThresholdDays(double budgetShare) => 30 / (FalseAlertsPerAgentAnd30Days * budgetShare);
}
