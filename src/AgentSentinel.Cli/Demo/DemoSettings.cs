using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Demo;

/// <summary>What the demo shows and for how long.</summary>
/// <param name="For">Wall time from the first call to the summary.</param>
/// <param name="Agents">Size of the fleet.</param>
/// <param name="Seed">Seed of fleet and incidents.</param>
/// <param name="Incidents">Incidents during the day that is shown and the three days before it.</param>
/// <param name="Port">Port of the console; 0 for a free one.</param>
internal sealed record DemoSettings(TimeSpan For, int Agents, int Seed, int Incidents, int Port = 0)
{
    /// <summary>Days that the fleet works before anything happens: what the service learns from.</summary>
    public static readonly TimeSpan Learning = TimeSpan.FromDays(18);

    /// <summary>Days in which things went wrong and people dealt with them: what the console has behind it.</summary>
    public static readonly TimeSpan Behind = TimeSpan.FromDays(3);

    /// <summary>The time that is then shown on a fast clock.</summary>
    public static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    /// <summary>The simulation, which ends now: its calls are recent history, and none lies in the future.</summary>
    public SimulationOptions Simulation(DateTimeOffset now) => new()
    {
        Seed = Seed,
        Agents = Agents,
        Incidents = Incidents,
        QuietFor = Learning,
        Duration = Learning + Behind + Shown,
        Start = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) - Learning - Behind - Shown,
    };
}
