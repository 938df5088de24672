using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// How much more than a Poisson count an agent's calls in a span of minutes vary. Owned by the agent's <see cref="CallRate"/> memory.
/// </summary>
/// <remarks>
/// variance = μ + ψ μ + φ μ². Calls come in sessions, which adds in proportion to the mean (ψ: about the size of a session, less one); rates
/// differ from day to day, which adds in proportion to its square (φ). With φ alone an agent's rare night session looks impossible; with ψ
/// alone its busy days do. Both by least squares of (X − μ)² − μ on μ and μ², each span weighted by 1/μ, over the spans that follow one
/// another, with a memory of a week (McCullagh and Nelder 1989, section 9, for the weights).
/// </remarks>
internal sealed class Dispersion(int span)
{
    // What is believed at first: sessions of about five calls, days that differ by a fifth; worth sixty calls.
    private const double PriorSession = 4;
    private const double PriorSquare = 0.05;
    private const double PriorCalls = 60;

    private const double LeastSession = 0.2;
    private const double LeastSquare = 0.01;
    private const double Most = 1000;
    private const double MemoryMinutes = 7 * 24 * 60;

    // A sleeping agent's silence says nothing of its spread: at most so much of it is learned.
    private const int LongestSilenceMinutes = 1440;

    // More than cubes of any count and their weights can come to.
    private const double MostSum = 1e40;

    private readonly double _keep = Math.Exp(-span / MemoryMinutes);

    // Decayed sums over spans: of μ, μ², μ³, of the excess e = (X − μ)² − μ, and of μ e.
    private double _means;
    private double _squares;
    private double _cubes;
    private double _excess;
    private double _weightedExcess;
    private long _next;

    /// <summary>The dispersion of a negative binomial of this mean: φ + ψ/μ, with φ and ψ up to 1000 each.</summary>
    public double At(double mean)
    {
        var (session, square) = Solve();
        return square + (session / Math.Max(mean, 1e-9));
    }

    /// <summary>Learns the spans that end before <paramref name="minute"/>; the rhythm must not have moved on yet.</summary>
    public void LearnUpTo(long minute, TrailingCounts counts, WeeklyRhythm rhythm)
    {
        var due = minute / span;
        if (_next == 0)
        {
            _next = due + 1;
            return;
        }

        if (_next >= due)
        {
            return;
        }

        var last = ((_next + 1) * span) - 1;
        Learn(counts.Sum(last, span), rhythm.Expected(last, span), 1);

        // What follows the agent's last call is silence, hour by hour.
        var silent = Math.Min(due - _next - 1, LongestSilenceMinutes / span);
        for (var done = 0L; done < silent;)
        {
            var end = ((_next + 1 + done + 1) * span) - 1;
            var upToHour = Math.Max(1, (60 - (end % 60)) / span);
            var spans = Math.Min(upToHour, silent - done);
            Learn(0, rhythm.Expected(end, span), spans);
            done += spans;
        }

        _next = due;
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteDouble(_means);
        writer.WriteDouble(_squares);
        writer.WriteDouble(_cubes);
        writer.WriteDouble(_excess);
        writer.WriteDouble(_weightedExcess);
        writer.WriteVariable((ulong)_next);
    }

    public void Load(ref MemoryReader reader)
    {
        _means = reader.ReadWithin(0, MostSum);
        _squares = reader.ReadWithin(0, MostSum);
        _cubes = reader.ReadWithin(0, MostSum);
        _excess = reader.ReadWithin(-MostSum, MostSum);
        _weightedExcess = reader.ReadWithin(-MostSum, MostSum);
        _next = reader.ReadInt64();
    }

    private (double Session, double Square) Solve()
    {
        // The prior is data too: spans of mean 1 that behave as believed.
        var means = _means + PriorCalls;
        var squares = _squares + PriorCalls;
        var cubes = _cubes + PriorCalls;
        var excess = _excess + (PriorCalls * (PriorSession + PriorSquare));
        var weighted = _weightedExcess + (PriorCalls * (PriorSession + PriorSquare));
        var determinant = (means * cubes) - (squares * squares);
        var square = determinant > 1e-9 * means * cubes ? ((means * weighted) - (squares * excess)) / determinant : PriorSquare;
        square = Math.Clamp(square, LeastSquare, Most);
        var session = (excess - (square * squares)) / means;
        return (Math.Clamp(session, LeastSession, Most), square);
    }

    private void Learn(double calls, double expected, long spans)
    {
        // One wild span must not make the agent look wild for a week.
        var limit = expected + (8 * Math.Sqrt(expected + (At(expected) * expected * expected))) + 8;
        var error = Math.Min(calls, limit) - expected;
        var excess = (error * error) - expected;
        var keep = Math.Pow(_keep, spans);
        var weight = (1 - keep) / (1 - _keep);
        _means = (_means * keep) + (weight * expected);
        _squares = (_squares * keep) + (weight * expected * expected);
        _cubes = (_cubes * keep) + (weight * expected * expected * expected);
        _excess = (_excess * keep) + (weight * excess);
        _weightedExcess = (_weightedExcess * keep) + (weight * expected * excess);
    }
}
