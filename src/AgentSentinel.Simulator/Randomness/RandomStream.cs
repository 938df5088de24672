namespace AgentSentinel.Simulator.Randomness;

/// <summary>First key of a stream of chance. Numbers are part of what a seed means: add, never renumber.</summary>
internal static class RandomStream
{
    public const int Agent = 1;
    public const int HabitStarts = 2;
    public const int HabitSessions = 3;
    public const int Plan = 4;
    public const int Incident = 5;
    public const int DisturbancePlan = 6;
    public const int Disturbance = 7;
    public const int Content = 8;
}
