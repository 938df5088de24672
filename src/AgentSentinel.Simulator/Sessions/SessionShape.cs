using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Sessions;

/// <summary>How many calls an agent's session has and how they are spaced.</summary>
internal sealed record SessionShape
{
    /// <summary>Mean tool calls of a session, at least 1.</summary>
    public required double MeanCalls { get; init; }

    /// <summary>Shape of the gamma mixture behind the session's size: the smaller, the more sizes differ.</summary>
    public required double SizeShape { get; init; }

    /// <summary>Median pause between calls.</summary>
    public required double PauseSeconds { get; init; }

    /// <summary>Standard deviation of the pause's logarithm.</summary>
    public required double PauseSigma { get; init; }

    /// <summary>Mean events of a session: its calls and the request that opens it.</summary>
    public double MeanEvents => MeanCalls + 1;

    public static SessionShape Draw(SeededRandom random, double meanCalls, double pauseSeconds) => new()
    {
        MeanCalls = meanCalls,
        SizeShape = random.LogUniform(0.8, 4),
        PauseSeconds = pauseSeconds,
        PauseSigma = random.Uniform(0.6, 1.1),
    };

    /// <summary>At least one call.</summary>
    public int DrawCalls(SeededRandom random) => 1 + random.NegativeBinomial(MeanCalls - 1, SizeShape);

    /// <summary>At least a millisecond, at most half an hour: nobody's session waits longer for a person.</summary>
    public long DrawPauseMs(SeededRandom random) =>
        (long)Math.Clamp(random.LogNormal(PauseSeconds, PauseSigma) * Timeline.SecondMs, 1, 30 * Timeline.MinuteMs);
}
