using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>A <see cref="Spread"/> that is asked far more often than it learns: its parts are kept at hand. 28 bytes.</summary>
internal struct SolvedSpread
{
    private Spread _spread;

    // Derived.
    private float _session;
    private float _square;

    /// <summary>See <see cref="Spread.Parts"/>.</summary>
    public readonly (double Session, double Square) Parts => (_session, _square);

    /// <summary>Begins with nothing known.</summary>
    public void Begin() => Change(default);

    public readonly double At(double mean) => Spread.At(Parts, mean);

    /// <summary>See <see cref="Spread.Bounded(double, double)"/>.</summary>
    public readonly double Bounded(double count, double mean) => Spread.Bounded(Parts, count, mean);

    /// <summary>True when a count is over its mean by so many standard deviations at most.</summary>
    public readonly bool IsWithin(double deviations, double count, double mean) => Spread.IsWithin(Parts, deviations, count, mean);

    /// <summary>Learns spans that are alike.</summary>
    /// <param name="count">The count in each.</param>
    /// <param name="mean">What was expected.</param>
    /// <param name="keep">What is left of the past after one span.</param>
    /// <param name="spans">How many.</param>
    public void Learn(double count, double mean, double keep, int spans = 1)
    {
        _spread.Learn(Parts, count, mean, keep, spans);
        Change(_spread);
    }

    /// <summary>Forgets a part of what was learned.</summary>
    public void Fade(double keep)
    {
        _spread.Fade(keep);
        Change(_spread);
    }

    /// <summary>Lets what was learned count for no more than what is believed at first.</summary>
    public void Limit()
    {
        _spread.Limit();
        Change(_spread);
    }

    public readonly void Save(MemoryWriter writer) => _spread.Save(writer);

    public void Load(ref MemoryReader reader)
    {
        _spread.Load(ref reader);
        Change(_spread);
    }

    private void Change(in Spread spread)
    {
        var (session, square) = spread.Parts;
        (_spread, _session, _square) = (spread, (float)session, (float)square);
    }
}
