using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.Benchmarks;

/// <summary>The five engines at a window of 60, and a series of counts with a season of that length.</summary>
internal static class SeriesPlans
{
    public static EnginePlan Of(EngineKind kind, float[] series) => kind switch
    {
        EngineKind.IidSpike => EnginePlan.Iid(DensityRule.Spike(99, 60)),
        EngineKind.IidChangePoint => EnginePlan.Iid(DensityRule.ChangePoint(99, 60)),
        EngineKind.SsaSpike => EnginePlan.Ssa(DensityRule.Spike(99, 60), SsaModel.Fit(series.AsSpan(0, 360), 60)),
        EngineKind.SsaChangePoint => EnginePlan.Ssa(DensityRule.ChangePoint(99, 60), SsaModel.Fit(series.AsSpan(0, 360), 60)),
        _ => EnginePlan.SpectralResidual(new SpectralResidualRule(windowSize: 60)),
    };

    public static float[] Series(int length)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, length).Select(i => MathF.Round((20 + (12 * MathF.Sin(i * MathF.Tau / 60))) * (0.7f + (0.6f * random.NextSingle()))))];
    }
}
