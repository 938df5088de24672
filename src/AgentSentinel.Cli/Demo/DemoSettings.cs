using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Demo;

/// <summary>What the demo shows and for how long.</summary>
/// <param name="For">Wall time from the first call to the summary.</param>
/// <param name="Agents">Size of the fleet.</param>
/// <param name="Seed">Seed of fleet and incidents.</param>
/// <param name="Incidents">Incidents during the day that is shown and the three days before it.</param>
/// <param name="Port">Port of the console; 0 for a free one.</param>
/// <param name="End">When simulated time ends, in the past; null for now.</param>
internal sealed record DemoSettings(TimeSpan For, int Agents, int Seed, int Incidents, int Port = 0, DateTimeOffset? End = null)
{
    /// <summary>Days that the fleet works at least before anything happens: what the service learns from.</summary>
    public static readonly TimeSpan Learning = TimeSpan.FromDays(18);

    /// <summary>Days in which things went wrong and people dealt with them: what the console has behind it.</summary>
    public static readonly TimeSpan Behind = TimeSpan.FromDays(3);

    /// <summary>The time that is then shown on a fast clock.</summary>
    public static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    /// <summary>The simulation, which ends now: its calls are recent history, and none lies in the future. It begins at midnight, so that learning takes up to a day longer.</summary>
    public SimulationOptions Simulation(DateTimeOffset now)
    {
        var end = End ?? now;
        var start = new DateTimeOffset((end - Learning - Behind - Shown).UtcDateTime.Date, TimeSpan.Zero);
        return new()
        {
            Seed = Seed,
            Agents = Agents,
            Incidents = Incidents,
            QuietFor = end - start - Behind - Shown,
            Duration = end - start,
            Start = start,
        };
    }
}
