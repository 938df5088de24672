namespace AgentSentinel.Core.Series;

/// <summary>
/// Turns the strength of evidence into a return period in rows, and a stretch of evidence into one episode.
/// </summary>
/// <remarks>
/// The rate of episodes at least as strong as s is the mean of a gamma distribution: prior rate λ0(s), worth <see cref="PriorRows"/> rows, and the series' own
/// earlier episodes, where one that was weaker than s by d counts as 10^(−d/10) and one that lies n rows back as 2^(−n/4000). So what a series does
/// every week is not told every week.
/// But no rate is believed to be lower than if half an episode, of the least strength that is kept, had been seen in the rows so far: ½/n is what Jeffreys' prior makes of
/// n rows without one. The prior rate is that of series that are known long, and young ones of pure noise had seven times the alerts that were promised.
/// Within an episode only what is clearly worse than all of it so far is new; the bar sinks by 1 % a row.
/// At most 32 episodes are kept, the strongest: 512 bytes.
/// </remarks>
internal sealed class EpisodeHistory
{
    private const double PriorRows = 8000;
    private const double HistoryRows = 4000;
    private const double DecadesPerStrength = 0.5;
    private const double LogRateAtZero = -1;
    private const double KernelDecades = 0.1;
    private const double HalfLifeRows = 4000;
    private const double ClearlyWorse = 1.7;
    private const double SinkPerRow = 0.01;
    private const double EndsAfterRows = 100;
    private const double LeastStrength = 2;
    private const double EpisodesUnseen = 0.5;
    private const int Most = 32;

    private readonly double[] _strengths = new double[Most];
    private readonly double[] _rows = new double[Most];
    private int _count;
    private double _row;
    private double _bar;
    private double _strongest;
    private double _strongestRow;

    /// <summary>Takes a row's evidence.</summary>
    /// <param name="strength">How strong; finite, ≥ 0.</param>
    /// <returns>log10 of the return period in rows, ≥ 0; 0 when the row tells nothing new.</returns>
    public double Push(double strength)
    {
        _row++;
        _bar *= 1 - SinkPerRow;
        var isNew = strength > _bar * ClearlyWorse;
        var log = isNew ? Math.Max(0, -Math.Log10(Rate(strength))) : 0;
        _bar = isNew ? strength : _bar;
        Follow(strength);
        return log;
    }

    private double Rate(double strength)
    {
        // Floors of the powers: strengths over some hundred are all alike, and nothing may become 0.
        var prior = PriorRows * Math.Pow(10, Math.Max(LogRateAtZero - (DecadesPerStrength * strength), -200));
        var own = 0.0;
        for (var i = 0; i < _count; i++)
        {
            var weaker = Math.Max(0, strength - _strengths[i]);
            own += Math.Pow(10, (-KernelDecades * weaker) - ((_row - _rows[i]) / HalfLifeRows * 0.30103));
        }

        var least = EpisodesUnseen * Math.Pow(10, KernelDecades * Math.Max(LeastStrength - strength, -2000)) / _row;
        return Math.Max(least, (prior + own) / (PriorRows + Math.Min(_row, HistoryRows)));
    }

    private void Follow(double strength)
    {
        if (strength > _strongest && strength > 1)
        {
            (_strongest, _strongestRow) = (strength, _row);
        }
        else if (_strongest > 0 && _row - _strongestRow > EndsAfterRows)
        {
            if (_strongest > LeastStrength)
            {
                Keep(_strongest, _strongestRow);
            }

            _strongest = 0;
        }
    }

    private void Keep(double strength, double row)
    {
        var place = _count;
        if (_count < Most)
        {
            _count++;
        }
        else
        {
            place = Array.IndexOf(_strengths, _strengths.Min());
            if (_strengths[place] > strength)
            {
                return;
            }
        }

        (_strengths[place], _rows[place]) = (strength, row);
    }
}
