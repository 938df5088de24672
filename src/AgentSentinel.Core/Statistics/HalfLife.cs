namespace AgentSentinel.Core.Statistics;

/// <summary>The time after which what was learned counts half. Decay is lazy: it is applied when an agent acts again, for all the time since.</summary>
public readonly record struct HalfLife
{
    private readonly double _ticks;

    /// <summary>A half-life.</summary>
    /// <param name="duration">Over 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is not over 0.</exception>
    public HalfLife(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        _ticks = duration.Ticks;
    }

    /// <summary>What is left of 1 after <paramref name="elapsed"/>: 2^(−elapsed / half-life), from 0 to 1; 1 for a half-life that was never set.</summary>
    /// <param name="elapsed">Event time since the last decay. Negative, as from a call that overtook another, counts as 0: nothing is ever un-forgotten.</param>
    public double Keep(TimeSpan elapsed)
        => elapsed <= TimeSpan.Zero || _ticks == 0 ? 1 : Math.Exp(-LogSpace.LogTwo * (elapsed.Ticks / _ticks));
}
