using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// A calibrator that looks only at blocks of six hours in which there was something to judge, and knows how many there are. 20 bytes.
/// </summary>
/// <remarks>
/// Blocks without anything would be fitted as blocks without surprise: many of them make a rare channel's tail look far too light.
/// </remarks>
internal struct ActiveCalibrator
{
    /// <summary>Weight of a block in the share of those that have anything.</summary>
    public const double Weight = 0.02;

    private const double PriorActivity = 0.5;
    private const double LeastActivity = 0.02;

    private ReturnPeriodCalibrator _calibrator;

    // How far the share of blocks with something to judge is from what is believed at first.
    private float _activityChange;

    /// <summary>The largest surprisal of the present block.</summary>
    public readonly double Largest => _calibrator.Largest;

    /// <summary>Takes note of a surprisal; one of a suspicious agent counts as no more than what comes once in two hundred blocks.</summary>
    public void Observe(double surprisal, bool isSuspicious, in GumbelPrior prior) =>
        _calibrator.Observe(isSuspicious ? Math.Min(surprisal, _calibrator.Surprisal(Math.Log10(200), prior)) : surprisal);

    /// <summary>Ends a block.</summary>
    public void EndBlock(in GumbelPrior prior)
    {
        var isActive = _calibrator.Largest > 0;
        _activityChange += (float)(Weight * ((isActive ? 1 : 0) - PriorActivity - _activityChange));
        if (isActive)
        {
            _calibrator.EndBlock(prior);
        }
    }

    /// <summary>log10 of how many days it takes until the next block that has anything.</summary>
    /// <param name="activity">The share of blocks that have.</param>
    public static double LogDaysUntilBlock(double activity) => Math.Log(CallModel.BlockDays / Math.Clamp(activity, LeastActivity, 1)) * LogSpace.DecimalPerNatural;

    /// <summary>log10 of the return period of a surprisal in days.</summary>
    public readonly double LogReturnPeriod(double surprisal, in GumbelPrior prior) => _calibrator.LogReturnPeriod(surprisal, prior) + LogDaysOfBlock;

    /// <summary>The surprisal that has a return period; periods below ten blocks count as ten.</summary>
    public readonly double Surprisal(double logReturnPeriod, in GumbelPrior prior) => _calibrator.Surprisal(Math.Max(1, logReturnPeriod - LogDaysOfBlock), prior);

    /// <summary>Takes what a settled agent's block says into what is known across agents.</summary>
    public readonly void Teach(int channel, VolumePeers peers) => peers.Learn(channel, _calibrator);

    public readonly void Save(MemoryWriter writer)
    {
        _calibrator.Save(writer);
        writer.WriteSingle(_activityChange);
    }

    public void Load(ref MemoryReader reader)
    {
        _calibrator = ReturnPeriodCalibrator.Load(ref reader);
        _activityChange = SavedFloat.Read(ref reader, -1, 1);
    }

    private readonly double LogDaysOfBlock => LogDaysUntilBlock(PriorActivity + _activityChange);
}
