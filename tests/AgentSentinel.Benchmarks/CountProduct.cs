using AgentSentinel.Core.Detectors.Volume;

namespace AgentSentinel.Benchmarks;

/// <summary>The product's own judgement of calls.</summary>
/// <param name="thresholdDays">Return period in days from which on there is an alert.</param>
internal sealed class CountProduct(double thresholdDays) : ICountScorer
{
    private static readonly DateTimeOffset Begin = new(2025, 3, 3, 0, 0, 0, TimeSpan.Zero);

    private readonly CountSeries _series = new(thresholdDays);

    public bool Open(int minute, int calls) => _series.Open(Begin.AddMinutes(minute), calls).IsAlert;

    public bool Close(int minute, int calls) => _series.Push(Begin.AddMinutes(minute), calls).IsAlert;
}
