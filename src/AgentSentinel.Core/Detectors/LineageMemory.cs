using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// What <see cref="Lineage"/> knows of one agent: about 100 bytes where telemetry tells no origins, else at most 2.7 KB, and what is open:
/// at most 8 sessions (see <see cref="LineageSession"/>), or up to 32 that are all busy and take no more than 8 can.
/// </summary>
internal sealed class LineageMemory(Lineage detector) : Baseline
{
    private const int MostOpen = 8;
    private const int MostBusy = 32;
    private const int MostBusyBytes = MostOpen * LineageSession.MostFilterBytes;
    private const int MostSessions = 1_000_000;

    // What was learned of the former version counts half.
    private const double KeptAcrossVersions = 0.5;

    // A session that was silent for so long has shown whether it raises an alarm; what it knows of its texts is kept until it is dropped.
    private static readonly TimeSpan SettledAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DroppedAfter = TimeSpan.FromHours(4);

    // An agent that talks to many at once would else have forgotten each before it acts.
    private static readonly TimeSpan BusyFor = TimeSpan.FromMinutes(10);

    private readonly List<LineageSession> _open = new(0);
    private readonly BoundedCounts _flows = new(128);
    private RecentNames _values;
    private RecentNames _requested;
    private LineageTrials _trials;
    private LineageHabits _habits;
    private double _sessions;

    private ulong _version;
    private bool _isOtherVersion;

    public override Finding Score(ToolCall call, AgentWindow window)
    {
        detector.BeginScore();
        if (call.Kind != CallKind.ToolCall || !TellsOrigins(call) || Find(call) is not { } session)
        {
            return Finding.None;
        }

        detector.Tracer.Trace(call, detector.Names.ToolOf(call), session);
        detector.Traced = session;
        var values = detector.Tracer.Values;
        for (var i = 0; i < values.Count; i++)
        {
            // What was made up before an outsider could have had a say is the agent's own idea.
            if (SourceOf(values[i], session) is { } source && (!source.IsNowhere || session.LatestForeign >= 0) && Judge(values[i], source, call) is var score && score.Total > detector.Best.Score.Total)
            {
                detector.Best = (session, i, source, score);
            }
        }

        if (detector.Best.Session is null)
        {
            return Finding.None;
        }

        var best = detector.Best.Score.Total;
        return new Finding(
            0, best, Lineage.LogReturnPeriod(best, _sessions), best, 0, Lineage.UsualScore, $"{detector.Best.Source.ToolName} → {call.Tool}.{values[detector.Best.Value].ArgumentName}");
    }

    public override void Learn(ToolCall call, LearningGate gate)
    {
        if (gate != LearningGate.Frozen)
        {
            NoteVersion(call);
        }

        Settle(call.Time);
        if (SessionOf(call) is not { } session)
        {
            return;
        }

        var tool = detector.Names.ToolOf(call);
        var isCall = call.Kind == CallKind.ToolCall && TellsOrigins(call);
        if (gate == LearningGate.Suspicious && _sessions >= Lineage.WarmUpSessions)
        {
            Try(call, isFirst: !session.IsQuarantined);
            session.Quarantine();
        }

        if (isCall)
        {
            var isConsequential = Lineage.IsConsequential(call.Action);

            // The same values as when it was scored: nothing was told in between.
            if (!ReferenceEquals(detector.Traced, session))
            {
                detector.Tracer.Trace(call, tool, session);
            }

            foreach (var value in detector.Tracer.Values)
            {
                NoteEcho(value, call, session);
                if (gate == LearningGate.Frozen)
                {
                    continue;
                }

                var flow = SourceOf(value, session)?.FlowOf(value.IsAsked) ?? 0;
                var isRequested = (value.Origins & LineageSession.Request) != 0;
                var (use, place) = isRequested ? (value.Key, value.Place) : (value.UseOf(isConsequential), value.PlaceOf(isConsequential));
                var fact = new LineageFact(value.Argument, flow, use, isRequested, place);
                session.Keep(fact);
                if (value.Namesakes != 0)
                {
                    session.Keep(fact with { Argument = value.Namesakes });
                }
            }
        }

        detector.Traced = null;
        session.Take(call, Fingerprint.Of(detector.Names.Key, call.IdUtf8.Span), tool);
    }

    public override void Accept(DateTimeOffset since) => _trials.Accept(since, ref _values);

    public override EvidenceDetail Detail(in Finding finding)
    {
        if (detector.Best.Session is not { } session)
        {
            return EvidenceDetail.None;
        }

        var value = detector.Tracer.Values[detector.Best.Value];
        return new EvidenceDetail(
            Caveat(), LineageEvidence.Parts(detector.Best.Score), LineageEvidence.Counterfactual(value), LineageEvidence.Chain(session, detector.Best.Source, value, finding.Dimension));
    }

    public override void Save(MemoryWriter writer)
    {
        writer.WriteDouble(_sessions);
        writer.WriteUInt64(_version);
        writer.WriteBoolean(_isOtherVersion);
        _flows.Save(writer);
        _values.Save(writer);
        _requested.Save(writer);
        _trials.Save(writer);
        _habits.Save(writer);
        writer.WriteVariable((ulong)_open.Count);
        foreach (var session in _open)
        {
            session.Save(writer);
        }
    }

    public override void Load(ref MemoryReader reader)
    {
        _sessions = reader.ReadWithin(0, MostSessions);
        _version = reader.ReadUInt64();
        _isOtherVersion = reader.ReadBoolean();
        _flows.Load(ref reader);
        _values = RecentNames.Load(ref reader);
        _requested = RecentNames.Load(ref reader);
        _trials = LineageTrials.Load(ref reader);
        _habits = LineageHabits.Load(ref reader);
        _open.Clear();
        for (var left = reader.ReadUpTo(MostBusy); left > 0; left--)
        {
            _open.Add(LineageSession.Load(ref reader, detector.Names.Key));
        }
    }

    private static bool TellsOrigins(ToolCall call) => call.Arguments.Length > 0 || call.ArgumentOrigins.Length > 0;

    private static bool TellsContent(ToolCall call) => call.Result.Length > 0 || call.Content.Length > 0;

    /// <summary>Where a value came from; null for what the request has.</summary>
    private static LineageSource? SourceOf(in TracedValue value, LineageSession session) =>
        (value.Origins & LineageSession.Request) != 0 ? null
        : session.MostTrustedOf(session.WithoutEchoes(value.Value, value.Origins)) is >= 0 and var source ? session.Sources[source]
        : LineageSource.Nowhere;

    /// <summary>
    /// What a result may but repeat: a value that had come from elsewhere, or one that nobody had named when the call failed or an outsider could have written the
    /// answer. Where none of that is so, a trusted answer confirms what the agent thought of.
    /// </summary>
    private static void NoteEcho(in TracedValue value, ToolCall call, LineageSession session)
    {
        if ((value.Origins & LineageSession.Request) == 0 && (value.Origins != 0 || call.HasFailed || LineageSession.Weight(call.ResultSource) > LineageSession.Weight(SourceTrust.Trusted)))
        {
            session.NoteEcho(value.Value);
        }
    }

    private LineageScore Judge(in TracedValue value, in LineageSource source, ToolCall call)
    {
        var isConsequential = Lineage.IsConsequential(call.Action);
        var known = Familiarity(value, isConsequential);
        if (!isConsequential && (known < 1 || !value.IsAddress))
        {
            return default;
        }

        var isTarget = detector.Tracer.IsTarget(value, call);
        return isConsequential || isTarget ? detector.Score(value, source, _flows, isTarget, known, isConsequential && IsNewPlace(value.Place)) : default;
    }

    private bool IsNewPlace(ulong place) => place != 0 && !_values.Contains(place) && !_requested.Contains(place);

    private double Familiarity(in TracedValue value, bool isConsequential)
    {
        var (use, read) = (value.UseOf(isConsequential), value.UseOf(isConsequential: false));
        return _values.Contains(use) ? Lineage.KnownHere
            : detector.IsKnownToPeers(use) ? Lineage.KnownToPeers
            : value.Place != 0 && !value.IsMailbox && _values.Contains(value.PlaceOf(isConsequential)) ? Lineage.KnownPlace
            : _values.Contains(read) || detector.IsKnownToPeers(read) ? Lineage.KnownFromReads
            : _requested.Contains(value.Key) ? Lineage.KnownFromRequests
            : 1;
    }

    private LineageSession? Find(ToolCall call)
    {
        if (_open.Count == 0 || call.SessionId is null)
        {
            return null;
        }

        var id = detector.Names.SessionOf(call);
        foreach (var session in _open)
        {
            if (session.Id == id)
            {
                return session;
            }
        }

        return null;
    }

    /// <summary>The call's session, opened where there is something to know of it.</summary>
    private LineageSession? SessionOf(ToolCall call)
    {
        if (call.SessionId is null || (!TellsOrigins(call) && !TellsContent(call) && _open.Count == 0))
        {
            return null;
        }

        if (Find(call) is { } known)
        {
            return known;
        }

        while (_open.Count >= MostOpen && Quietest() is var quietest && !HasRoomBeside(_open[quietest], call.Time))
        {
            Drop(quietest);
        }

        var session = new LineageSession(detector.Names.SessionOf(call), detector.Names.Key);
        _open.Add(session);
        return session;
    }

    /// <summary>Learns from sessions that have come to rest, and drops those that are over.</summary>
    private void Settle(DateTimeOffset now)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (now - _open[i].LastTime >= (_open.Count > MostOpen ? BusyFor : DroppedAfter))
            {
                Drop(i);
            }
            else if (now - _open[i].LastTime >= SettledAfter)
            {
                LearnFrom(_open[i]);
            }
        }
    }

    /// <summary>Of the open sessions the one unheard of for longest makes room: a long talk is not over because others began.</summary>
    private int Quietest()
    {
        var quietest = 0;
        for (var i = 1; i < _open.Count; i++)
        {
            quietest = _open[i].LastTime < _open[quietest].LastTime ? i : quietest;
        }

        return quietest;
    }

    private bool HasRoomBeside(LineageSession quietest, DateTimeOffset now)
    {
        if (_open.Count == MostBusy || now - quietest.LastTime >= BusyFor)
        {
            return false;
        }

        var bytes = 0;
        foreach (var session in _open)
        {
            bytes += session.FilterBytes;
        }

        return bytes < MostBusyBytes;
    }

    private void Drop(int position)
    {
        LearnFrom(_open[position]);
        _open[position].Release();
        _open.RemoveAt(position);
    }

    private void LearnFrom(LineageSession session)
    {
        if (session.Facts.Count == 0)
        {
            return;
        }

        foreach (var fact in session.Facts)
        {
            var isNew = !_values.Contains(fact.Value) && !_requested.Contains(fact.Value);
            var isNewPlace = isNew && IsNewPlace(fact.Place);
            Lineage.CountIn(_flows, fact, isNew, isNewPlace);
            detector.TellPeers(fact, isNew, isNewPlace);
        }

        foreach (var fact in session.Facts)
        {
            ref var names = ref fact.IsRequested ? ref _requested : ref _values;
            names.Add(fact.Value);
            if (fact.Place != 0)
            {
                names.Add(fact.Place);
            }
        }

        session.ForgetFacts();
        _sessions = Math.Min(_sessions + 1, MostSessions);
    }

    /// <summary>A value that raised a weak alarm is familiar when it does so again after three days, a strong one never by itself; a flow that does with ever other values becomes usual.</summary>
    private void Try(ToolCall call, bool isFirst)
    {
        if (detector.Best.Session is null || Lineage.LogReturnPeriod(detector.Best.Score.Total, _sessions) <= 0)
        {
            return;
        }

        var value = detector.Tracer.Values[detector.Best.Value];
        if (_trials.Try(value.Key, detector.Best.Score.Total >= Lineage.StrongScore, call.Time) is { } accepted)
        {
            _values.Add(accepted);
        }

        // Where anybody could write, anybody could make his host a habit, or himself.
        var isOpen = detector.Best.Source.Trust == SourceTrust.Untrusted;
        var place = isOpen ? 0 : value.PlaceOf(Lineage.IsConsequential(call.Action));
        var fact = new LineageFact(value.Argument, detector.Best.Source.FlowOf(value.IsAsked), value.Key, IsRequested: false, place);
        if (isFirst && !(isOpen && IsDestination(value, call)) && _habits.Try(fact, call.Time) is { } habit)
        {
            for (var i = 0; i < LineageHabits.Enough; i++)
            {
                Lineage.CountIn(_flows, habit, isNew: true, isNewPlace: false);
                detector.TellPeersOfFlow(habit);
            }

            if (habit.Place != 0)
            {
                _values.Add(habit.Place);
            }
        }
    }

    /// <summary>Whether a value is who gets something, where it goes or what is carried out, and not just which record is meant.</summary>
    private bool IsDestination(in TracedValue value, ToolCall call) =>
        value.Namesakes == 0 && !value.IsShort && (value.SaysWho || value.SaysWhere || value.IsCredential || value.IsOrder || detector.Tracer.IsTarget(value, call));

    private void NoteVersion(ToolCall call)
    {
        if (call.AgentVersion is null || detector.Names.VersionOf(call) is var version && version == _version)
        {
            return;
        }

        if (_version != 0)
        {
            _flows.Scale(KeptAcrossVersions);
            _sessions = Math.Min(_sessions, Lineage.WarmUpSessions) * KeptAcrossVersions;
            _isOtherVersion = true;
        }

        _version = detector.Names.VersionOf(call);
    }

    private string? Caveat() => _sessions >= Lineage.WarmUpSessions ? null : Sentence.Of(
        $"provisional: {_sessions:0} of {Lineage.WarmUpSessions} sessions learned{(_isOtherVersion ? " since the agent's version changed; what was learned before counts half" : "; other agents' use of the same tools stands in")}");
}
