namespace AgentSentinel.Cli.Demo;

/// <summary>Where the demo is.</summary>
/// <param name="Phase">What is going on.</param>
/// <param name="EventTime">The simulated clock.</param>
/// <param name="Calls">Calls sent so far.</param>
/// <param name="CallsPerSecond">Calls sent a second, lately.</param>
/// <param name="Behind">Calls sent that the service has not read yet.</param>
/// <param name="Agents">Agents in the fleet.</param>
/// <param name="SuspendedAgents">Agents suspended.</param>
/// <param name="Fleet">Agents and calls within the last simulated hour, by habit.</param>
internal sealed record DemoStatus(
    string Phase,
    DateTimeOffset EventTime,
    long Calls,
    double CallsPerSecond,
    long Behind,
    int Agents,
    int SuspendedAgents,
    IReadOnlyList<(string Habit, int Agents, long CallsInHour)> Fleet);
