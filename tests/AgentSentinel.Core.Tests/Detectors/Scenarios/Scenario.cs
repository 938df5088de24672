namespace AgentSentinel.Core.Tests.Detectors.Scenarios;

/// <summary>One sort of agent: its ordinary sessions, sessions that somebody else's text hijacks, and those in which the user himself asks for the same.</summary>
internal abstract class Scenario
{
    public string Name => GetType().Name;

    public abstract void Ordinary(Telling tell);

    public abstract void Hijacked(Telling tell);

    public abstract void Ordered(Telling tell);
}
