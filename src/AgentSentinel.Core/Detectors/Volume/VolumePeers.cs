using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// What the agents of a peer group have in common: how their surprisals are distributed, which a young agent borrows, and how much of the false-alert budget they
/// really spend, by which all return periods are corrected. Owned by a <see cref="VolumeGroups"/>.
/// </summary>
/// <remarks>
/// What surprisals come to is learned from all agents of the partition together. What is spent is counted for each group, and shrunk towards what all agents
/// of the partition spend, so that a group of a few young agents is corrected as the others are.
/// </remarks>
internal sealed class VolumePeers
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

    private readonly GumbelPrior[] _priors;
    private readonly WorkCalendar? _calendar;
    private readonly VolumePeers? _all;
    private double _blocks;
    private double _spent;
    private double _offset;

    /// <summary>All agents of a partition.</summary>
    /// <param name="priors">What is believed of each channel before any agent is known.</param>
    /// <param name="calendar">Days that people have off, which are like Sundays; null when none is known.</param>
    public VolumePeers(IReadOnlyList<GumbelPrior> priors, WorkCalendar? calendar = null) => (_priors, _calendar) = ([.. priors], calendar);

    /// <summary>A peer group among them, of which nothing is known.</summary>
    public VolumePeers(VolumePeers all) => (_priors, _calendar, _all) = (all._priors, all._calendar, all);

    private VolumePeers(VolumePeers former, VolumePeers? all) =>
        (_priors, _calendar, _all, _blocks, _spent, _offset) = (former._priors, former._calendar, all, former._blocks, former._spent, former._offset);

    /// <summary>False once something else is declared: then an agent may be of another group, and whoever holds these asks again.</summary>
    public bool IsCurrent { get; private set; } = true;

    /// <summary>log10 of how much more is spent than promised: taken off every return period.</summary>
    public double Offset => _blocks == 0 && _all is not null ? _all.Offset : _offset;

    /// <summary>What is usual of a channel.</summary>
    public ref readonly GumbelPrior Prior(int channel) => ref _priors[channel];

    /// <summary>Believes something else to be usual of a channel, for all groups.</summary>
    public void Believe(int channel, GumbelPrior prior) => _priors[channel] = prior;

    /// <summary>True when this minute is in a holiday.</summary>
    public bool IsDayOff(long minute) => _calendar is { Holidays: > 0 } && _calendar.IsHoliday(new DateTimeOffset(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero));

    /// <summary>The same for what is declared from now on.</summary>
    /// <param name="all">Those of the partition; null for themselves.</param>
    public VolumePeers Renew(VolumePeers? all)
    {
        IsCurrent = false;
        return new VolumePeers(this, all);
    }

    /// <summary>Takes note of blocks of a settled agent.</summary>
    /// <param name="count">How many.</param>
    /// <param name="spent">In how many of them something rare was seen.</param>
    public void Note(long count, int spent)
    {
        _all?.Note(count, spent);
        _blocks += count;
        _spent += spent;
        if (_blocks > MostBlocks)
        {
            (_spent, _blocks) = (_spent * MostBlocks / _blocks, MostBlocks);
        }

        _offset = Math.Clamp(Math.Log10(Ratio), LeastOffset, MostOffset);
    }

    /// <summary>Learns what is usual of a channel from one settled agent's block.</summary>
    public void Learn(int channel, in ReturnPeriodCalibrator calibrator)
    {
        const double Weight = 0.001;
        var (location, scale) = calibrator.Fit();
        var prior = _priors[channel];
        Believe(channel, new GumbelPrior(
            Math.Clamp(prior.Location + (Weight * (location - prior.Location)), -1, 5),
            Math.Clamp(prior.Scale + (Weight * (scale - prior.Scale)), LogSpace.DecimalPerNatural, 3)));
    }

    /// <summary>Saves what is spent.</summary>
    public void Save(MemoryWriter writer)
    {
        writer.WriteDouble(_blocks);
        writer.WriteDouble(_spent);
        writer.WriteDouble(_offset);
    }

    public void Load(ref MemoryReader reader)
    {
        _blocks = reader.ReadWithin(0, MostBlocks);
        _spent = reader.ReadWithin(0, 2 * MostBlocks);
        _offset = reader.ReadWithin(LeastOffset, MostOffset);
    }

    /// <summary>What is spent for what was promised: as much as was promised, or as all agents spend, until enough is known.</summary>
    private double Ratio => ((_spent * SpentDays / BlockDays) + (PriorBlocks * (_all?.Ratio ?? 1))) / (_blocks + PriorBlocks);
}
