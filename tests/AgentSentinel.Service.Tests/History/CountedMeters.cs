using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSentinel.Service.Tests.History;

/// <summary>The product's meters, and what the counters of history have said.</summary>
internal sealed class CountedMeters : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();

    public CountedMeters()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        Meters = new SentinelMeters(factory);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && instrument is Counter<long> && instrument.Name.StartsWith("sentinel.history.", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            var last = tags.Length == 0 ? "" : $"{tags[^1].Value}";
            _counts.AddOrUpdate($"{instrument.Name["sentinel.history.".Length..]}/{last}", count, (_, before) => before + count);
        });
        _listener.Start();
    }

    public SentinelMeters Meters { get; }

    /// <summary>Points that ended so: written, rejected, dropped or failed.</summary>
    public long Points(string outcome) => _counts.GetValueOrDefault($"points/{outcome}");

    public long Retries => _counts.Where(c => c.Key.StartsWith("retries/", StringComparison.Ordinal)).Sum(c => c.Value);

    public void Dispose()
    {
        _listener.Dispose();
        Meters.Dispose();
        _services.Dispose();
    }
}
