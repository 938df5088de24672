using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Incidents;

/// <summary>
/// One agent's episode of related anomalies, from the first to a quiet period after the last. Owned by the <c>ResponseEngine</c>.
/// </summary>
public sealed class Incident : IPiece<Incident>
{
    private const byte FormatVersion = 3;
    private const int MaxNames = 8;

    // Strongest evidence of each detector, strongest first.
    private readonly List<Evidence> _evidence = [];
    private readonly List<string> _credentials = [];
    private readonly List<string> _sessions = [];

    private Incident(string id, string agentId)
    {
        Id = id;
        AgentId = agentId;
    }

    /// <summary>Opens an incident with its first anomaly.</summary>
    internal Incident(string id, Anomaly first, DateTimeOffset now)
        : this(id, first.AgentId)
    {
        OpenedAt = now;
        FirstEventTime = first.Time;
        KnownSince = first.KnownSince;
    }

    /// <summary>Derived from the agent and its first anomaly: the same after a replay.</summary>
    public string Id { get; }

    /// <summary>The agent. Text from telemetry: data.</summary>
    public string AgentId { get; }

    /// <summary>When it was opened, by the journal's clock.</summary>
    public DateTimeOffset OpenedAt { get; private set; }

    /// <summary>When the last anomaly was added, by the journal's clock.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>Event time of the first anomaly.</summary>
    public DateTimeOffset FirstEventTime { get; private set; }

    /// <summary>Event time of the agent's first call.</summary>
    public DateTimeOffset KnownSince { get; private set; }

    /// <summary>Event time of the latest anomaly.</summary>
    public DateTimeOffset LastEventTime { get; private set; }

    /// <summary>How many anomalies it gathers.</summary>
    public int Anomalies { get; private set; }

    /// <summary>How many alerts were made of it: the next one's number.</summary>
    public int Alerts { get; internal set; }

    /// <summary>Severity as last told to people.</summary>
    public Severity Severity { get; internal set; }

    /// <summary>The suspension in force or proposed because of it, or null.</summary>
    public string? SuspensionId { get; internal set; }

    /// <summary>How many suspensions it has led to: the next one's number.</summary>
    public int Suspensions { get; internal set; }

    /// <summary>The furthest step of the policy that was told of while it only observes.</summary>
    internal int ObservedSteps { get; set; }

    /// <summary>Strongest evidence of each detector, strongest first.</summary>
    public IReadOnlyList<Evidence> Evidence => _evidence;

    /// <summary>Credentials that the agent used in it, the latest last; at most eight.</summary>
    public IReadOnlyList<string> Credentials => _credentials;

    /// <summary>Sessions in which it happened, the latest last; at most eight.</summary>
    public IReadOnlyList<string> Sessions => _sessions;

    /// <summary>True when an anomaly belongs to no session that is known: then no session alone explains the incident.</summary>
    public bool IsBeyondSessions { get; private set; }

    /// <summary>The highest label among what was touched, or null.</summary>
    public Sensitivity? Sensitivity { get; private set; }

    /// <summary>The agent's risk when the latest anomaly was added: see <see cref="AgentRisk"/> for what is left of it later.</summary>
    public double Risk { get; internal set; }

    internal void Add(Anomaly anomaly, DateTimeOffset now)
    {
        Anomalies++;
        LastAt = now > LastAt ? now : LastAt;
        LastEventTime = anomaly.Time > LastEventTime ? anomaly.Time : LastEventTime;
        Sensitivity = Sensitivity > anomaly.Sensitivity || anomaly.Sensitivity is null ? Sensitivity : anomaly.Sensitivity;
        Note(_credentials, anomaly.CredentialId);
        Note(_sessions, anomaly.SessionId);
        IsBeyondSessions |= anomaly.SessionId is null;

        var known = _evidence.FindIndex(e => e.Detector == anomaly.Evidence.Detector);
        if (known >= 0 && !IsStronger(anomaly.Evidence, _evidence[known]))
        {
            return;
        }

        if (known >= 0)
        {
            _evidence.RemoveAt(known);
        }

        var position = _evidence.FindIndex(e => IsStronger(anomaly.Evidence, e));
        _evidence.Insert(position < 0 ? _evidence.Count : position, anomaly.Evidence);
    }

    // What a planned change explains comes after all that nothing explains, however rare it is.
    private static bool IsStronger(Evidence evidence, Evidence than) =>
        evidence.Weight != than.Weight ? evidence.Weight > than.Weight : evidence.Score > than.Score;

    void IPiece<Incident>.Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteString(Id);
        writer.WriteString(AgentId);
        writer.WriteTime(OpenedAt);
        writer.WriteTime(LastAt);
        writer.WriteTime(FirstEventTime);
        writer.WriteTime(LastEventTime);
        writer.WriteTime(KnownSince);
        writer.WriteVariable((ulong)Anomalies);
        writer.WriteVariable((ulong)Alerts);
        writer.WriteByte((byte)Severity);
        writer.WriteString(SuspensionId ?? "");
        writer.WriteVariable((ulong)Suspensions);
        writer.WriteVariable((ulong)ObservedSteps);
        writer.WriteBoolean(IsBeyondSessions);
        writer.WriteByte((byte)(Sensitivity is { } label ? (int)label + 1 : 0));
        writer.WriteDouble(Risk);
        foreach (var names in (List<string>[])[_credentials, _sessions])
        {
            writer.WriteVariable((ulong)names.Count);
            names.ForEach(name => writer.WriteString(name));
        }

        writer.WriteVariable((ulong)_evidence.Count);
        foreach (var evidence in _evidence)
        {
            evidence.Save(writer);
        }
    }

    static Incident IPiece<Incident>.Load(ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"An incident of format {version} was saved; this version reads format {FormatVersion}.");
        }

        var incident = new Incident(reader.ReadString(), reader.ReadString())
        {
            OpenedAt = reader.ReadTime(),
            LastAt = reader.ReadTime(),
            FirstEventTime = reader.ReadTime(),
            LastEventTime = reader.ReadTime(),
            KnownSince = reader.ReadTime(),
            Anomalies = reader.ReadInt32(),
            Alerts = reader.ReadInt32(),
            Severity = (Severity)reader.ReadByte(),
            SuspensionId = reader.ReadString() is { Length: > 0 } suspension ? suspension : null,
            Suspensions = reader.ReadInt32(),
            ObservedSteps = reader.ReadInt32(),
            IsBeyondSessions = reader.ReadBoolean(),
            Sensitivity = reader.ReadUpTo((long)Events.Sensitivity.Restricted + 1) is > 0 and var label ? (Sensitivity)(label - 1) : null,
            Risk = reader.ReadFinite(),
        };
        foreach (var names in (List<string>[])[incident._credentials, incident._sessions])
        {
            for (var left = reader.ReadCount(1); left > 0; left--)
            {
                names.Add(reader.ReadString());
            }
        }

        for (var left = reader.ReadCount(1); left > 0; left--)
        {
            incident._evidence.Add(Detection.Evidence.Load(ref reader));
        }

        return incident;
    }

    private static void Note(List<string> names, string? name)
    {
        if (name is null || names.Contains(name))
        {
            return;
        }

        if (names.Count == MaxNames)
        {
            names.RemoveAt(0);
        }

        names.Add(name);
    }
}
