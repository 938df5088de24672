using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Habits;

/// <summary>A slow wave: business that swells for weeks and ebbs again.</summary>
internal sealed record SeasonLaw(DateTime Peak, double PeriodDays, double Height) : IRateLaw
{
    public static SeasonLaw Draw(Timeline timeline, SeededRandom random)
    {
        double period = random.Uniform(25, 80);
        return new SeasonLaw(timeline.WallClock(0).AddDays(random.Uniform() * period), period, random.Uniform(0.3, 0.7));
    }

    public double Factor(DateTime wallClock) => 1 + (Height * Math.Cos((wallClock - Peak).TotalDays * Math.Tau / PeriodDays));
}
