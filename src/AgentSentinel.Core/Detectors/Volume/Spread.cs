using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// How much more than a Poisson count an agent's counts in a span of time vary. 20 bytes.
/// </summary>
/// <remarks>
/// variance = μ + ψ μ + φ μ². Calls come in sessions, which adds in proportion to the mean (ψ: about the size of a session, less one); rates
/// differ from day to day, which adds in proportion to its square (φ). With φ alone an agent's rare night session looks impossible; with ψ
/// alone its busy days do. Both by least squares of (X − μ)² − X on μ and μ², each span weighted by about one over the variance of that, with a
/// memory of a week (McCullagh and Nelder 1989, section 9, for the weights): what a busy hour does with its rate must not be taken for sessions,
/// or the night would look as if anything could happen in it.
/// </remarks>
internal struct Spread
{
    // What is believed at first: hardly any sessions, days that differ by a quarter; worth twice as many calls as PriorCalls.
    private const double PriorSession = 0.3;
    private const double PriorSquare = 0.06;
    private const double PriorCalls = 30;

    private const double MostDeviations = 8;
    private const double SuspiciousDeviations = 2;

    // By how much a busy span counts for less. In theory a half; sessions of very different sizes need the busy ones to learn from.
    private const double SquareWeight = 0.01;

    // What is believed wrongly must not keep off what would correct it: busy spans count as if rates differed by no more than themselves.
    private const double MostSquareInWeight = 1;

    private const double LeastSession = 0;
    private const double LeastSquare = 0.003;
    private const double Most = 1000;

    // More than cubes of any count and their weights can come to.
    private const double MostSum = 1e37;

    private const int Sums = 4;
    private const int Means = 0;
    private const int Squares = 1;
    private const int Cubes = 2;
    private const int Excess = 3;

    // Decayed sums over spans: of μ, μ², μ³, and of the excess e = (X − μ)² − X; and of μ e.
    private Four _sums;
    private float _weightedExcess;

    /// <summary>ψ and φ.</summary>
    public readonly (double Session, double Square) Parts => Solve();

    /// <summary>The dispersion of a negative binomial of this mean: φ + ψ/μ.</summary>
    public readonly double At(double mean) => At(Solve(), mean);

    /// <summary>The same, of <see cref="Parts"/> that are at hand.</summary>
    public static double At(in (double Session, double Square) parts, double mean) => parts.Square + (parts.Session / Math.Max(mean, 1e-6));

    /// <summary>A suspicious count as it may be learned: bounded, so that an attack widens little, but a misfit that returns with every batch is learned in the end.</summary>
    public readonly double Bounded(double count, double mean) => Bounded(Solve(), count, mean);

    /// <summary>The same, with <see cref="Parts"/> that are at hand.</summary>
    public static double Bounded(in (double Session, double Square) parts, double count, double mean) =>
        Math.Min(count, mean + (SuspiciousDeviations * Math.Sqrt(mean + (At(parts, mean) * mean * mean))) + SuspiciousDeviations);

    /// <summary>True when a count is over its mean by so many standard deviations at most.</summary>
    /// <param name="deviations">How many.</param>
    /// <param name="count">The count.</param>
    /// <param name="mean">Its mean.</param>
    /// <param name="parts">Gets <see cref="Parts"/>, unless they did not matter.</param>
    public readonly bool IsWithin(double deviations, double count, double mean, out (double Session, double Square) parts)
    {
        parts = default;
        if (count - mean <= deviations * Math.Sqrt(mean))
        {
            // No count varies less than a Poisson one.
            return true;
        }

        parts = Solve();
        return IsWithin(parts, deviations, count, mean);
    }

    /// <summary>The same, with <see cref="Parts"/> that are at hand.</summary>
    public static bool IsWithin(in (double Session, double Square) parts, double deviations, double count, double mean) =>
        count - mean <= deviations * Math.Sqrt(mean * (1 + parts.Session + (parts.Square * mean)));

    /// <summary>Learns spans that are alike.</summary>
    /// <param name="count">The count in each.</param>
    /// <param name="mean">What was expected.</param>
    /// <param name="keep">What is left of the past after one span.</param>
    /// <param name="spans">How many.</param>
    public void Learn(double count, double mean, double keep, int spans = 1) => Learn(Solve(), count, mean, keep, spans);

    /// <summary>The same, with <see cref="Parts"/> that are at hand.</summary>
    public void Learn(in (double Session, double Square) parts, double count, double mean, double keep, int spans = 1)
    {
        var (session, square) = parts;
        if (count > mean)
        {
            // One wild span must not make the agent look wild for a week.
            count = Math.Min(count, mean + (MostDeviations * Math.Sqrt((1 + session + (square * mean)) * mean)) + MostDeviations);
        }

        var error = count - mean;

        // Less the count, not the mean (Cameron and Trivedi 1990): a silence where calls were expected says that too many were, and not how they come.
        var excess = (error * error) - count;

        // Of an agent that is seldom seen little is known, and it is not forgotten while nothing better is known.
        keep = _sums[Means] < 2 * PriorCalls ? 1 : keep;
        var (kept, weight) = (keep, 1.0);
        for (var i = 1; i < spans; i++)
        {
            weight += kept;
            kept *= keep;
        }

        var relative = 1 + session + (Math.Min(square, MostSquareInWeight) * mean);
        var cube = (1 + session) * (1 + session) * (1 + session);
        weight *= cube / (cube + (SquareWeight * mean * relative * relative));
        var terms = Vector256.Create(weight * mean, weight * mean * mean, weight * mean * mean * mean, weight * excess);
        Wide = Bounded((Wide * kept) + terms);
        _weightedExcess = (float)Math.Clamp((_weightedExcess * kept) + (weight * mean * excess), -MostSum, MostSum);
    }

    /// <summary>Forgets a part of what was learned.</summary>
    public void Fade(double keep)
    {
        foreach (ref var sum in (Span<float>)_sums)
        {
            sum *= (float)keep;
        }

        _weightedExcess *= (float)keep;
    }

    /// <summary>Lets what was learned count for no more than what is believed at first.</summary>
    public void Limit() => Fade(Math.Min(1, PriorCalls / Math.Max(1e-9, Math.Max(_sums[Means], Math.Max(_sums[Squares], _sums[Cubes])))));

    public readonly void Save(MemoryWriter writer)
    {
        foreach (var sum in _sums)
        {
            writer.WriteSingle(sum);
        }

        writer.WriteSingle(_weightedExcess);
    }

    public void Load(ref MemoryReader reader)
    {
        for (var i = 0; i < Sums; i++)
        {
            _sums[i] = SavedFloat.Read(ref reader, i == Excess ? -MostSum : 0, MostSum);
        }

        _weightedExcess = SavedFloat.Read(ref reader, -MostSum, MostSum);
    }

    private Vector256<double> Wide
    {
        readonly get
        {
            var (lower, upper) = Vector128.Widen(Vector128.LoadUnsafe(in _sums[0]));
            return Vector256.Create(lower, upper);
        }

        set => Vector128.Narrow(value.GetLower(), value.GetUpper()).StoreUnsafe(ref _sums[0]);
    }

    private static Vector256<double> Bounded(in Vector256<double> sums) => Vector256.MinNative(Vector256.MaxNative(sums, Vector256.Create(-MostSum)), Vector256.Create(MostSum));

    private readonly (double Session, double Square) Solve()
    {
        // The prior is data too, that behave as believed: spans of hardly any calls, and spans of mean 1. Of one mean alone both parts would look the same.
        var means = _sums[Means] + (2 * PriorCalls);
        var squares = _sums[Squares] + PriorCalls;
        var cubes = _sums[Cubes] + PriorCalls;
        var excess = _sums[Excess] + (PriorCalls * ((2 * PriorSession) + PriorSquare));
        var weighted = _weightedExcess + (PriorCalls * (PriorSession + PriorSquare));
        var determinant = (means * cubes) - (squares * squares);
        var square = determinant > 1e-9 * means * cubes ? ((means * weighted) - (squares * excess)) / determinant : PriorSquare;
        square = Math.Clamp(square, LeastSquare, Most);
        var session = (excess - (square * squares)) * (1 / means);
        return (Math.Clamp(session, LeastSession, Most), square);
    }

    [InlineArray(Sums)]
    private struct Four
    {
        private float _first;
    }
}
