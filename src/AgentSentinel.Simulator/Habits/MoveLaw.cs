using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Habits;

/// <summary>The agent's clock moves once: by an hour in the night to a Sunday, or by several when its people moved.</summary>
internal sealed record MoveLaw(DateTime At, double Hours) : IRateLaw
{
    public static MoveLaw Draw(Timeline timeline, SeededRandom random)
    {
        DateTime at = timeline.WallClock((long)(random.Uniform(0.35, 0.85) * timeline.EndMs)).Date;
        bool isSummerTime = random.Chance(0.4);
        double hours = isSummerTime ? 1 : random.Uniform(3, 9);
        double sign = random.Chance(0.5) ? 1 : -1;
        return isSummerTime
            ? new MoveLaw(at.AddDays(((int)DayOfWeek.Sunday - (int)at.DayOfWeek + 7) % 7).AddHours(2), sign)
            : new MoveLaw(at, sign * Math.Round(hours));
    }

    public DateTime Clock(DateTime wallClock) => wallClock >= At ? wallClock.AddHours(Hours) : wallClock;
}
