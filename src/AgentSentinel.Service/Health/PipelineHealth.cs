using AgentSentinel.Service.Pipelines;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSentinel.Service.Health;

/// <summary>Readiness: every line is reading, none is restarting, none is far behind. Without its history the service is ready all the same, and says so.</summary>
internal sealed class PipelineHealth(IEnumerable<PipelineHost> hosts, HealthOptions options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var complaints = hosts.SelectMany(host => ComplaintsOf(host).Select(complaint => (Line: host.Name, Text: complaint))).ToList();
        var text = string.Join("; ", complaints.Select(c => c.Text));
        return Task.FromResult(
            complaints.Count == 0 ? HealthCheckResult.Healthy()
            : complaints.All(c => c.Line == SentinelHost.HistoryLine) ? HealthCheckResult.Degraded(text)
            : HealthCheckResult.Unhealthy(text));
    }

    private IEnumerable<string> ComplaintsOf(PipelineHost host)
    {
        if (host.Complaint() is { } complaint)
        {
            yield return complaint;
        }

        var behind = host.Lag.Select(l => l.Records).DefaultIfEmpty(0).Max();
        if (behind > options.MaxReadyLag)
        {
            yield return $"{host.Name}: {behind} records behind";
        }
    }
}
