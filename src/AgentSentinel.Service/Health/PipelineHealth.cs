using AgentSentinel.Service.Pipelines;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSentinel.Service.Health;

/// <summary>Readiness: every line is reading, none is restarting, none is far behind.</summary>
internal sealed class PipelineHealth(IEnumerable<PipelineHost> hosts, HealthOptions options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var complaints = new List<string>();
        foreach (var host in hosts)
        {
            if (host.Complaint() is { } complaint)
            {
                complaints.Add(complaint);
            }

            var behind = host.Lag.Select(l => l.Records).DefaultIfEmpty(0).Max();
            if (behind > options.MaxReadyLag)
            {
                complaints.Add($"{host.Name}: {behind} records behind");
            }
        }

        return Task.FromResult(complaints.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(string.Join("; ", complaints)));
    }
}
