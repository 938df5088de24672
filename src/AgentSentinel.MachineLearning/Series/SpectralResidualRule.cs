namespace AgentSentinel.MachineLearning.Series;

/// <summary>Sizes and threshold of a <see cref="SpectralResidualEngine"/>, with the sine tables that follow from them. Immutable, shared by engines.</summary>
public sealed class SpectralResidualRule
{
    private const int LargestWindow = 1024;

    /// <summary>Sizes under the names of the reference.</summary>
    /// <param name="windowSize">Values that are transformed, the newest included.</param>
    /// <param name="backAddWindowSize">Copies of an extrapolated value put behind the newest, so that it does not lie at the edge.</param>
    /// <param name="lookaheadWindowSize">Values before the newest over which slopes are averaged to extrapolate.</param>
    /// <param name="averagingWindowSize">Frequencies over which the log spectrum is averaged.</param>
    /// <param name="judgementWindowSize">Values whose mean salience the newest one's is compared with.</param>
    /// <param name="threshold">Alerts from a raw score above this, in (0, 1).</param>
    public SpectralResidualRule(
        int windowSize = 64,
        int backAddWindowSize = 5,
        int lookaheadWindowSize = 5,
        int averagingWindowSize = 3,
        int judgementWindowSize = 21,
        double threshold = 0.3)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowSize, LargestWindow);
        ArgumentOutOfRangeException.ThrowIfLessThan(backAddWindowSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(backAddWindowSize, LargestWindow);
        ArgumentOutOfRangeException.ThrowIfLessThan(lookaheadWindowSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lookaheadWindowSize, windowSize - 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(averagingWindowSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(averagingWindowSize, windowSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(judgementWindowSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(judgementWindowSize, windowSize);
        if (!(threshold > 0 && threshold < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "must be between 0 and 1");
        }

        WindowSize = windowSize;
        BackAddWindowSize = backAddWindowSize;
        LookaheadWindowSize = lookaheadWindowSize;
        AveragingWindowSize = averagingWindowSize;
        JudgementWindowSize = judgementWindowSize;
        Threshold = threshold;
        Transform = new SaliencyTransform(windowSize + backAddWindowSize, windowSize - judgementWindowSize, judgementWindowSize, averagingWindowSize);
    }

    /// <summary>Values that are transformed.</summary>
    public int WindowSize { get; }

    /// <summary>Copies of the extrapolated value.</summary>
    public int BackAddWindowSize { get; }

    /// <summary>Values that are extrapolated from.</summary>
    public int LookaheadWindowSize { get; }

    /// <summary>Frequencies that are averaged.</summary>
    public int AveragingWindowSize { get; }

    /// <summary>Values that saliences are compared over.</summary>
    public int JudgementWindowSize { get; }

    /// <summary>Raw score above which it alerts.</summary>
    public double Threshold { get; }

    internal SaliencyTransform Transform { get; }
}
