using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// What the agents of a partition have in common: how their surprisals are distributed, which a young agent borrows, and how much of the false-alert budget they
/// really spend, by which all return periods are corrected. Owned by a detector.
/// </summary>
/// <param name="channels">Their names, stable: they stand in models.</param>
/// <param name="priors">What is believed of each channel before any agent is known.</param>
/// <param name="calendar">Days that people have off, which are like Sundays; null when none is known.</param>
internal sealed class VolumePeers(IReadOnlyList<string> channels, IReadOnlyList<GumbelPrior> priors, WorkCalendar? calendar = null)
{
    /// <summary>A block in which something as rare as once in three days was seen counts as spent.</summary>
    public const double SpentDays = 3;

    /// <summary>log10 of that.</summary>
    public static readonly double LogSpentDays = Math.Log10(SpentDays);

    private const double BlockDays = 0.25;

    // What is believed at first is worth so many blocks; nothing counts for more than twenty times as many.
    private const double PriorBlocks = 400;
    private const double MostBlocks = 8000;

    // The correction is bounded: many agents under attack must not blind the detector.
    private const double LeastOffset = -0.3;
    private const double MostOffset = 0.4;

    private readonly GumbelPrior[] _priors = [.. priors];
    private double _blocks = PriorBlocks;
    private double _spent = PriorBlocks * BlockDays / SpentDays;

    /// <summary>log10 of how much more is spent than promised: taken off every return period.</summary>
    public double Offset { get; private set; }

    /// <summary>What is usual of each channel.</summary>
    public IReadOnlyDictionary<string, GumbelPrior> Priors => channels.Zip(_priors).ToDictionary(channel => channel.First, channel => channel.Second, StringComparer.Ordinal);

    /// <summary>What is usual of a channel.</summary>
    public ref readonly GumbelPrior Prior(int channel) => ref _priors[channel];

    /// <summary>True when this minute is in a holiday.</summary>
    public bool IsDayOff(long minute) => calendar is not null && calendar.Holidays > 0 && calendar.IsHoliday(new DateTimeOffset(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero));

    /// <summary>Begins with what a model says of some channels.</summary>
    public void BeginWith(IReadOnlyDictionary<string, GumbelPrior> known)
    {
        for (var i = 0; i < _priors.Length; i++)
        {
            _priors[i] = known.TryGetValue(channels[i], out var prior) ? prior : _priors[i];
        }
    }

    /// <summary>Takes note of blocks of a settled agent.</summary>
    /// <param name="count">How many.</param>
    /// <param name="spent">In how many of them something rare was seen.</param>
    public void Note(long count, int spent)
    {
        _blocks += count;
        _spent += spent;
        if (_blocks > MostBlocks)
        {
            (_spent, _blocks) = (_spent * MostBlocks / _blocks, MostBlocks);
        }

        Offset = OffsetNow();
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteDouble(_blocks);
        writer.WriteDouble(_spent);
        writer.WriteVariable((ulong)_priors.Length);
        foreach (var prior in _priors)
        {
            writer.WriteDouble(prior.Location);
            writer.WriteDouble(prior.Scale);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        _blocks = reader.ReadWithin(PriorBlocks, MostBlocks);
        _spent = reader.ReadWithin(0.001, 2 * MostBlocks);
        Offset = OffsetNow();
        if (reader.ReadCount(16) != _priors.Length)
        {
            throw reader.Damaged("another number of channels");
        }

        for (var i = 0; i < _priors.Length; i++)
        {
            _priors[i] = new GumbelPrior(reader.ReadWithin(-10, 10), reader.ReadWithin(0.1, 10));
        }
    }

    /// <summary>Learns what is usual of a channel from one settled agent's block.</summary>
    public void Learn(int channel, in ReturnPeriodCalibrator calibrator)
    {
        const double Weight = 0.001;
        var (location, scale) = calibrator.Fit();
        ref var prior = ref _priors[channel];
        prior = new GumbelPrior(
            Math.Clamp(prior.Location + (Weight * (location - prior.Location)), -1, 5),
            Math.Clamp(prior.Scale + (Weight * (scale - prior.Scale)), LogSpace.DecimalPerNatural, 3));
    }

    private double OffsetNow() => Math.Clamp(Math.Log10(_spent * SpentDays / (_blocks * BlockDays)), LeastOffset, MostOffset);
}
