namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>A true incident as its events tell of it. Filled by one <see cref="FleetLedger"/>.</summary>
/// <param name="id">Which one.</param>
/// <param name="kind">Kind of incident.</param>
/// <param name="agentId">The agent.</param>
/// <param name="partner">Another agent that takes part, or null: an alarm about it is right too.</param>
internal sealed class IncidentSpan(string id, string kind, string agentId, string? partner)
{
    private const int Few = 3;

    private int _attacks;
    private DateTimeOffset _newestOfFew;

    public string Id => id;

    public string Kind => kind;

    public string AgentId => agentId;

    public string? Partner => partner;

    /// <summary>Time of its first event.</summary>
    public DateTimeOffset Start { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Time of its last event.</summary>
    public DateTimeOffset End { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Time of the first event that does harm; delays count from here.</summary>
    public DateTimeOffset FirstAttack { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Time of the third such event; the last moment there is when there are fewer.</summary>
    public DateTimeOffset ThirdAttack => _attacks < Few ? DateTimeOffset.MaxValue : _newestOfFew;

    public void Add(DateTimeOffset time, bool isAttackCall)
    {
        if (isAttackCall && _attacks < Few)
        {
            _attacks++;
            _newestOfFew = time;
        }

        Start = time < Start ? time : Start;
        End = time > End ? time : End;
        FirstAttack = isAttackCall && time < FirstAttack ? time : FirstAttack;
    }

    /// <summary>True for a moment in the span or so long after it.</summary>
    public bool Covers(DateTimeOffset time, TimeSpan tolerance) => time >= Start && time <= End + tolerance;
}
