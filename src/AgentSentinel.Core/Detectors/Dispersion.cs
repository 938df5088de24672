using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// How much more than a Poisson count an agent's calls in a span of minutes vary: φ in variance = μ + φ μ².
/// Method of moments over the spans that follow one another, E[(X − μ)² − μ] / E[μ²], with a memory of a week.
/// Owned by the agent's <see cref="CallRate"/> memory.
/// </summary>
internal sealed class Dispersion(int span)
{
    // Before anything is known: φ = 1, worth eight spans of the mean square.
    private const double Prior = 1;
    private const double PriorSpans = 8;
    private const double Least = 0.02;
    private const double Most = 50;
    private const double MemoryMinutes = 7 * 24 * 60;

    // More than squares of any count and their weights can come to.
    private const double MostSum = 1e30;

    private readonly double _keep = Math.Exp(-span / MemoryMinutes);
    private double _excess;
    private double _meanSquare;
    private double _weight;
    private long _next;

    /// <summary>φ, from 0.02 to 50.</summary>
    public double Value
    {
        get
        {
            var perSpan = _weight > 0 ? _meanSquare / _weight : 1;
            var prior = PriorSpans * perSpan;
            return _meanSquare + prior > 0
                ? Math.Clamp((Math.Max(_excess, 0) + (Prior * prior)) / (_meanSquare + prior), Least, Most)
                : Prior;
        }
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

        // What follows the agent's last call is silence, hour by hour, for a day at most: after that the agent sleeps, which says nothing of its spread.
        var silent = Math.Min(due - _next - 1, 1440 / span);
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
        writer.WriteDouble(_excess);
        writer.WriteDouble(_meanSquare);
        writer.WriteDouble(_weight);
        writer.WriteVariable((ulong)_next);
    }

    public void Load(ref MemoryReader reader)
    {
        _excess = reader.ReadWithin(-MostSum, MostSum);
        _meanSquare = reader.ReadWithin(0, MostSum);
        _weight = reader.ReadWithin(0, MemoryMinutes + 1);
        _next = reader.ReadUnits(TimeSpan.TicksPerMinute);

        // One span weighs 1, and sums are nothing without spans.
        if (_weight < 0.5 && (_weight != 0 || _meanSquare != 0))
        {
            throw reader.Damaged("a sum of less than one span");
        }
    }

    private void Learn(double calls, double expected, long spans)
    {
        // One wild span must not make the agent look wild for a week.
        var limit = expected + (8 * Math.Sqrt(expected + (Value * expected * expected))) + 8;
        var error = Math.Min(calls, limit) - expected;
        var keep = Math.Pow(_keep, spans);
        var weight = (1 - keep) / (1 - _keep);
        _excess = (_excess * keep) + (weight * ((error * error) - expected));
        _meanSquare = (_meanSquare * keep) + (weight * expected * expected);
        _weight = (_weight * keep) + weight;
    }
}
