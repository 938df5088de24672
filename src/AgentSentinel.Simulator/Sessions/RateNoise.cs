using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Sessions;

/// <summary>Good and bad days and hours: gamma factors of mean 1 on the rate. An infinite shape means none.</summary>
/// <param name="DayShape">Shape of the day's factor; its coefficient of variation is 1/√shape.</param>
/// <param name="HourShape">Shape of the hour's factor.</param>
internal readonly record struct RateNoise(double DayShape, double HourShape)
{
    public static RateNoise None { get; } = new(double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>Days vary by 12 to 35 %, hours by 15 to 50 %.</summary>
    public static RateNoise Draw(SeededRandom random) => new(random.LogUniform(8, 64), random.LogUniform(4, 44));

    public double DrawDay(SeededRandom random) => Factor(DayShape, random);

    public double DrawHour(SeededRandom random) => Factor(HourShape, random);

    private static double Factor(double shape, SeededRandom random) => double.IsInfinity(shape) ? 1 : random.Gamma(shape, 1);
}
