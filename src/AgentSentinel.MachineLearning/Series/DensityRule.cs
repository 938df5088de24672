using AgentSentinel.Core.Statistics;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>When raw scores are an alert: at a p-value (spike), or at a martingale of p-values (change point). Immutable, shared by engines.</summary>
public sealed record DensityRule
{
    /// <summary>P-values are kept from here to 1 − here.</summary>
    internal const double LeastPValue = 1e-8;

    internal const int LongestHistory = 1_000_000;

    private DensityRule(double confidence, int historyLength, AnomalySide side, MartingaleType martingale, double eps)
    {
        if (!(confidence >= 0 && confidence <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "must be from 0 to 100, in percent");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(historyLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(historyLength, LongestHistory);
        if (!Enum.IsDefined(side) || !Enum.IsDefined(martingale))
        {
            throw new ArgumentException($"{side} or {martingale} is not one of the values of its type.");
        }

        if (!(eps > 0 && eps < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(eps), eps, "must be between 0 and 1");
        }

        Confidence = confidence;
        HistoryLength = historyLength;
        Side = side;
        Martingale = martingale;
        Eps = eps;
        PValueThreshold = 1 - (confidence / 100);
        LogThreshold = martingale == MartingaleType.None ? double.PositiveInfinity : historyLength * LogBet(Math.Clamp(PValueThreshold, LeastPValue, 1 - LeastPValue));
    }

    /// <summary>Confidence in percent.</summary>
    public double Confidence { get; }

    /// <summary>Number of raw scores, and of bets, that are remembered.</summary>
    public int HistoryLength { get; }

    /// <summary>Which way a raw score must be odd. Change points are two-sided.</summary>
    public AnomalySide Side { get; }

    /// <summary>The betting of a change point; <see cref="MartingaleType.None"/> for a spike.</summary>
    public MartingaleType Martingale { get; }

    /// <summary>Exponent of the power martingale, between 0 and 1.</summary>
    public double Eps { get; }

    /// <summary>Whether it looks for change points.</summary>
    public bool FindsChanges { get; private init; }

    /// <summary>A spike is a p-value at most this.</summary>
    internal double PValueThreshold { get; }

    /// <summary>A change point is a martingale of which the logarithm is at least this: what a whole window of p-values at the threshold would win.</summary>
    internal double LogThreshold { get; }

    /// <summary>Spikes.</summary>
    public static DensityRule Spike(double confidence, int pvalueHistoryLength, AnomalySide side = AnomalySide.TwoSided) =>
        new(confidence, pvalueHistoryLength, side, MartingaleType.None, 0.1);

    /// <summary>Change points.</summary>
    public static DensityRule ChangePoint(double confidence, int changeHistoryLength, MartingaleType martingale = MartingaleType.Power, double eps = 0.1) =>
        new(confidence, changeHistoryLength, AnomalySide.TwoSided, martingale, eps) { FindsChanges = true };

    /// <summary>Natural logarithm of what a bet on this p-value wins.</summary>
    internal double LogBet(double pValue)
    {
        var log = Math.Log(pValue);
        return Martingale switch
        {
            MartingaleType.Power => Math.Log(Eps) + ((Eps - 1) * log),
            MartingaleType.Mixture => Math.Log((pValue * log) + 1 - pValue) - (2 * Math.Log(-log)) - log,
            _ => 0,
        };
    }

    /// <summary>Natural logarithm of what a bet wins on average, of the power martingale exactly: on a p-value of ½ e^−1.</summary>
    internal double MeanLogBet => LogBet(0.5 / Math.E);

    /// <summary>The p-value of the side that is looked at, within its limits.</summary>
    internal double PValue(double upperTail)
    {
        var pValue = Side switch
        {
            AnomalySide.Positive => upperTail,
            AnomalySide.Negative => 1 - upperTail,
            _ => Math.Min(upperTail, 1 - upperTail),
        };
        return Math.Clamp(pValue, LeastPValue, 1 - LeastPValue);
    }

    /// <summary>
    /// −log10 of the probability that the score claims. A two-sided p-value is the lesser of two tails, so twice it is the probability. A power martingale is a function of
    /// Σ −ln 2p over its window, which is a Gamma variable if the lesser tails are independent and even between 0 and ½. Of the mixture's winnings only a bound is known, by
    /// Markov's inequality: each bet on such a tail wins 1/ln 2 on average.
    /// </summary>
    internal double Surprisal(in EngineScore score)
    {
        if (!FindsChanges)
        {
            return Math.Max(0, -Math.Log10(Side == AnomalySide.TwoSided ? 2 * score.PValue : score.PValue));
        }

        var log = Math.Log(score.Martingale);
        var surprisal = Martingale switch
        {
            MartingaleType.Power => -IncompleteGamma.LogUpper(HistoryLength, Math.Max(0, (log - (HistoryLength * LogBet(0.5))) / (1 - Eps))),
            MartingaleType.Mixture => log + (HistoryLength * Math.Log(Math.Log(2))),
            _ => 0,
        };
        return double.IsFinite(surprisal) ? Math.Max(0, surprisal / Math.Log(10)) : 0;
    }
}
