namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>What one window says: what was counted against what was expected.</summary>
/// <param name="Window">Position of the window in its model; −1 when nothing is unusual.</param>
/// <param name="Surprisal">−log10 p, finite and at least 0.</param>
/// <param name="Observed">What was counted.</param>
/// <param name="Mean">What was expected.</param>
/// <param name="Dispersion">Dispersion of the negative binomial about it.</param>
internal readonly record struct VolumeReading(int Window, double Surprisal, double Observed, double Mean, double Dispersion)
{
    /// <summary>Nothing unusual.</summary>
    public static VolumeReading None { get; } = new(-1, 0, 0, 0, 0);

    /// <summary>Size of the counted unit: 1 for calls, the amount of a usual call for amounts.</summary>
    public double Unit { get; init; } = 1;

    /// <summary>What the last minute brought beyond the units that it was counted as.</summary>
    public double Unweighed { get; init; }

    /// <summary>log10 of the return period in days, the window's share of the budget taken off; −∞ when nothing is unusual.</summary>
    public double LogReturnPeriod { get; init; } = double.NegativeInfinity;

    /// <summary>True when what a window says is so within minutes.</summary>
    public static bool IsSudden(int window) => window <= 1;

    /// <summary>True when what a window says is so now; false for a sum of some hours.</summary>
    public static bool IsPresent(int window) => window is not (CallModel.SixHours or CallModel.Drift);

    /// <summary>Standard deviation of what was expected.</summary>
    public double Deviation => Math.Sqrt((Mean * Unit) + (Dispersion * Mean * Mean));
}
