using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Incidents;

/// <summary>The risk of one agent and of its latest sessions. It outlives incidents and fades by itself. Owned by the <c>ResponseEngine</c>. About 2 KB at most.</summary>
public sealed class AgentRisk : IPiece<AgentRisk>
{
    private const byte FormatVersion = 1;
    private const int MostSessions = 8;

    // What is left after this many half-lives of the highest score there can be is less than a hundredth.
    private const int HalfLivesToNothing = 12;

    private readonly FamilyRisks _agent = new();
    private readonly List<(string Session, FamilyRisks Risks)> _sessions = [];

    internal AgentRisk(string agentId) => AgentId = agentId;

    /// <summary>The agent. Text from telemetry: data.</summary>
    public string AgentId { get; }

    /// <summary>When the latest sign came, by the journal's clock.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>The agent's risk at a moment.</summary>
    /// <param name="now">The moment; before the latest sign it counts whole.</param>
    /// <param name="halfLife">See <see cref="IncidentOptions.RiskHalfLife"/>.</param>
    public double At(DateTimeOffset now, TimeSpan halfLife) => _agent.At(now, halfLife);

    /// <summary>The risk of one of its latest eight sessions at a moment; 0 for any other.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="now">The moment.</param>
    /// <param name="halfLife">See <see cref="IncidentOptions.RiskHalfLife"/>.</param>
    public double OfSession(string sessionId, DateTimeOffset now, TimeSpan halfLife) =>
        _sessions.Find(s => s.Session == sessionId).Risks?.At(now, halfLife) ?? 0;

    /// <summary>Its latest sessions with a sign, at most eight, the latest last.</summary>
    public IEnumerable<string> Sessions => _sessions.Select(s => s.Session);

    /// <summary>When nothing is left of it.</summary>
    internal DateTimeOffset GoneAt(TimeSpan halfLife) => LastAt + (HalfLivesToNothing * halfLife);

    internal void Add(Anomaly anomaly, DateTimeOffset now, TimeSpan halfLife)
    {
        LastAt = now > LastAt ? now : LastAt;
        var family = anomaly.Evidence.Family ?? anomaly.Evidence.Detector;
        var weight = WeightOf(anomaly);
        _agent.Add(family, weight, now, halfLife);
        if (anomaly.SessionId is { } session)
        {
            SessionOf(session).Add(family, weight, now, halfLife);
        }
    }

    void IPiece<AgentRisk>.Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteString(AgentId);
        writer.WriteTime(LastAt);
        _agent.Save(writer);
        writer.WriteVariable((ulong)_sessions.Count);
        foreach (var (session, risks) in _sessions)
        {
            writer.WriteString(session);
            risks.Save(writer);
        }
    }

    static AgentRisk IPiece<AgentRisk>.Load(ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"A risk of format {version} was saved; this version reads format {FormatVersion}.");
        }

        var risk = new AgentRisk(reader.ReadString()) { LastAt = reader.ReadTime() };
        risk._agent.Load(ref reader);
        for (var left = reader.ReadCount(2); left > 0; left--)
        {
            var session = reader.ReadString();
            var risks = new FamilyRisks();
            risks.Load(ref reader);
            risk._sessions.Add((session, risks));
        }

        return risk;
    }

    /// <summary>
    /// The score, which counts decades of rarity, and what a mistake would cost in decades: the same oddness on restricted data weighs as if it
    /// were ten times as rare. What a planned change explains weighs nothing.
    /// </summary>
    private static double WeightOf(Anomaly anomaly) => anomaly.Evidence.PlannedChange is not null ? 0 : Math.Max(0, anomaly.Evidence.Score + anomaly.Sensitivity switch
    {
        Sensitivity.Public => -0.5,
        Sensitivity.Confidential => 0.5,
        Sensitivity.Restricted => 1,
        _ => 0,
    });

    private FamilyRisks SessionOf(string session)
    {
        var known = _sessions.FindIndex(s => s.Session == session);
        var risks = known >= 0 ? _sessions[known].Risks : new FamilyRisks();
        if (known >= 0)
        {
            _sessions.RemoveAt(known);
        }
        else if (_sessions.Count == MostSessions)
        {
            _sessions.RemoveAt(0);
        }

        _sessions.Add((session, risks));
        return risks;
    }
}
