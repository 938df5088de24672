using AgentSentinel.Service.Decisions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentSentinel.Service.Health;

/// <summary>Says when decisions may be out of date. Gateways are answered all the same, as configured, so this instance stays ready.</summary>
internal sealed class DecisionHealth(DecisionTable table) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(table.IsCurrent ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("decisions: may be out of date, as the journal was not read to its end of late"));
}
