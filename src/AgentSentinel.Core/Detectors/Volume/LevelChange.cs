using System.Runtime.CompilerServices;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>Whether the level of an agent's hours has risen lastingly against its profile, by a quarter, a half or more. 32 bytes.</summary>
internal struct LevelChange
{
    private static readonly double[] Shifts = [1.25, 1.5, 2.5];

    private Statistics _statistics;
    private Spread _spread;

    /// <summary>Takes an hour into account and says how surprising the last hours are together: log10 of the mean statistic.</summary>
    public VolumeReading Step(int window, double count, double mean)
    {
        mean += CallForecast.LeastExpected;
        var spread = _spread.At(mean);
        var whole = (long)Math.Round(count);
        var unchanged = NegativeBinomial.LogMass(whole, mean, spread);
        var total = 0.0;
        for (var j = 0; j < Shifts.Length; j++)
        {
            _statistics[j].Step(NegativeBinomial.LogMass(whole, Shifts[j] * mean, spread) - unchanged);
            total += _statistics[j].Value;
        }

        return new VolumeReading(window, Math.Max(0, Math.Log10(total / Shifts.Length)), count, mean, spread);
    }

    /// <summary>Learns how hours vary.</summary>
    public void Learn(double count, double mean, double keep) => _spread.Learn(count, mean, keep);

    /// <summary>Forgets a part of how hours vary.</summary>
    public void Fade(double keep) => _spread.Fade(keep);

    /// <summary>Begins anew, as after an alarm.</summary>
    public void Restart() => _statistics = default;

    public readonly void Save(MemoryWriter writer)
    {
        foreach (ref readonly var statistic in (ReadOnlySpan<ShiryaevRoberts>)_statistics)
        {
            statistic.Save(writer);
        }

        _spread.Save(writer);
    }

    public void Load(ref MemoryReader reader)
    {
        foreach (ref var statistic in (Span<ShiryaevRoberts>)_statistics)
        {
            statistic = ShiryaevRoberts.Load(ref reader);
        }

        _spread.Load(ref reader);
    }

    [InlineArray(3)]
    private struct Statistics
    {
        private ShiryaevRoberts _first;
    }
}
