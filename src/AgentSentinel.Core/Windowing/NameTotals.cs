namespace AgentSentinel.Core.Windowing;

/// <summary>What one agent did in one window with one tool or dataset.</summary>
/// <param name="Name">The tool or dataset; empty for the rest. Text from telemetry: data.</param>
/// <param name="Calls">Tool calls.</param>
/// <param name="Failures">Calls that failed or were refused.</param>
/// <param name="Records">Records read or written, as far as told.</param>
/// <param name="Bytes">Bytes of requests and results, as far as told.</param>
public readonly record struct NameTotals(string Name, int Calls, int Failures, double Records, double Bytes)
{
    internal NameTotals Plus(int calls, int failures, double records, double bytes) =>
        new(Name, Calls + calls, Failures + failures, Records + records, Bytes + bytes);
}
