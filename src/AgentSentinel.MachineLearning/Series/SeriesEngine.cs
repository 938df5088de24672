using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// Scores the values of one series as they come. Each engine owns its state, of which nothing is shared but fitted, immutable models;
/// one owner, one thread. Nothing is allocated per value and memory is fixed by the options. NaN is a gap: it is not scored and not learned.
/// An infinite value is scored as the largest finite one and not learned, so that it leaves no trace.
/// </summary>
public abstract class SeriesEngine
{
    private protected SeriesEngine()
    {
    }

    /// <summary>Whether enough values have been learned for an alert.</summary>
    public abstract bool IsReady { get; }

    /// <summary>Scores a value against those before it, then learns from it.</summary>
    /// <param name="value">Any value, NaN and infinities included.</param>
    public EngineScore Push(float value)
    {
        var score = Score(value);
        Learn(value, score);
        return score;
    }

    /// <summary>Scores a value against those before it and changes nothing.</summary>
    /// <param name="value">Any value.</param>
    public abstract EngineScore Score(float value);

    /// <summary>Learns from a value that was just scored, or from what stands in for it when the value itself must not become normal.</summary>
    /// <param name="value">The value.</param>
    /// <param name="score">What <see cref="Score"/> said of the value that was seen.</param>
    public abstract void Learn(float value, in EngineScore score);

    /// <summary>Moves on in time without learning what is usual: the last values of a forecast and the bets of a martingale, but no p-value's window.</summary>
    /// <param name="value">The value.</param>
    /// <param name="score">What <see cref="Score"/> said of it.</param>
    public abstract void Follow(float value, in EngineScore score);

    /// <summary>
    /// −log10 of the probability of something at least as odd, as far as the method claims one; 0 when it has no opinion. Finite, ≥ 0. These are claims, not measured
    /// rates: a kernel's tail beyond the values it was made of is extrapolated, and values are taken as independent, which counts seldom are.
    /// </summary>
    /// <param name="score">What <see cref="Score"/> just said.</param>
    public abstract double Surprisal(in EngineScore score);

    /// <summary>A change that was found is known now: what led to it does not count again.</summary>
    public virtual void Acknowledge()
    {
    }

    /// <summary>Forgets where in time the series is and keeps what is usual: for a silence longer than anything that <see cref="Follow"/> moves.</summary>
    public abstract void Interrupt();

    /// <summary>Saves all that scoring depends on, except a model that other engines share.</summary>
    public abstract void Save(MemoryWriter writer);

    /// <summary>Loads what an engine of the same options wrote, over whatever this one knew.</summary>
    /// <exception cref="MemoryFormatException">It is damaged, or comes from other options.</exception>
    public abstract void Load(ref MemoryReader reader);
}
