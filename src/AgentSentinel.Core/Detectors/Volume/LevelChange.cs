using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>Whether the level of an agent's last hours has risen against its profile. 20 bytes.</summary>
/// <remarks>
/// The farthest out of the last two, three, four, five and six hours: a window-limited likelihood-ratio scan (Lai 1998), which beats a Shiryaev–Roberts
/// statistic over hours here, because what a day has more than others multiplies up there hour by hour, and the tail of that is no longer the one of a
/// probability. How hours vary is told from the profile, not from the forecast, which would follow a drift within hours.
/// </remarks>
internal struct LevelChange
{
    private const int LeastHalfHours = 4;
    private const int StepHalfHours = 2;

    // A short burst is no drift, however large: no half hour counts for more.
    private const double MostRatio = 2;
    private const double MostExtra = 3;

    private Spread _spread;

    /// <summary>The span of hours that ends with a half hour which is farthest from what was expected, in its own deviations.</summary>
    /// <param name="window">The reading's window.</param>
    /// <param name="halfHours">What was counted, and what the profile expected.</param>
    /// <param name="last">The half hour.</param>
    public readonly VolumeReading Worst(int window, in TrailingWindow halfHours, long last)
    {
        var (session, square) = _spread.Parts;
        var (count, mean, squares) = (0.0, CallForecast.LeastExpected, 0.0);
        var (worst, deviations) = (new VolumeReading(window, 0, 0, mean, 0), 0.0);
        for (var halves = 1; halves <= TrailingWindow.Parts; halves++)
        {
            var (counted, expected) = halfHours.Part(last - halves + 1);
            count += Math.Min(counted, (MostRatio * expected) + MostExtra);
            mean += expected;
            squares += (double)expected * expected;
            if (halves < LeastHalfHours || halves % StepHalfHours != 0 || count <= mean)
            {
                continue;
            }

            // Hours vary each for itself: of what adds with the square, the halves of an hour have twice a half hour's share.
            var dispersion = (session / mean) + (2 * square * squares / (mean * mean));
            if ((count - mean) / Math.Sqrt(mean + (dispersion * mean * mean)) is var farther && farther > deviations)
            {
                (worst, deviations) = (new VolumeReading(window, 0, count, mean, dispersion), farther);
            }
        }

        return deviations > 0 ? worst with { Surprisal = NegativeBinomial.Surprisal((long)Math.Round(worst.Observed), worst.Mean, worst.Dispersion) } : worst;
    }

    /// <summary>Learns how hours vary.</summary>
    public void Learn(double count, double mean, double keep) => _spread.Learn(count, mean, keep);

    /// <summary>Forgets a part of how hours vary.</summary>
    public void Fade(double keep) => _spread.Fade(keep);

    /// <summary>Lets how hours vary count for no more than what is believed at first.</summary>
    public void Limit() => _spread.Limit();

    public readonly void Save(MemoryWriter writer) => _spread.Save(writer);

    public void Load(ref MemoryReader reader) => _spread.Load(ref reader);
}
