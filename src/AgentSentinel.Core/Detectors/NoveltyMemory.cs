using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>What <see cref="Novelty"/> knows of one agent: about 600 bytes, at most 3 KB.</summary>
internal sealed class NoveltyMemory(Novelty detector, string agentId) : Baseline
{
    // No event names more resources.
    private const int MostDistinct = 64;
    private const int FewDistinct = 4;
    private const int MostEpisodes = 8;

    // How many calls of its peers an agent's own history is mixed with, and how many of its own calls a tool's history is.
    private const double PeerCalls = 30;
    private const double OwnCalls = 6;

    // Weight of the past after each further call of a tool: a memory of some thirty calls.
    private const double KeepOfTool = 0.97;

    // Least pseudo-count of new names, so that no history, however long, makes one new name impossible.
    private const double LeastNew = 0.5;
    private const int HoursPerDay = 24;
    private const double Clustering = 2;

    // What comes before anybody outside could have had a say is so much less of a surprise.
    private const double BeforeForeignResults = 0.4;

    private readonly NameMemory _tools = new();
    private readonly NameMemory _resources = new();
    private readonly NameMemory _places = new();
    private readonly BoundedCounts _byTool = new(32);
    private NoveltyEpisode[] _episodes = [];
    private long _calls;
    private double _callsPerEpisode;
    private long _suspiciousDay;
    private AgentVersion _version;
    private PeerGroup _peers;

    public override Finding Score(ToolCall call, AgentWindow window)
    {
        detector.Tells = false;
        detector.IsFamiliar = call.Kind == CallKind.ToolCall && !HasUnfamiliar(call);
        if (call.Kind != CallKind.ToolCall || _calls == 0 || detector.IsFamiliar)
        {
            return Finding.None;
        }

        var finding = Judge(call);
        detector.Tells = finding.LogReturnPeriod >= detector.LogThreshold && !finding.IsOngoing;
        return finding;
    }

    public override void Learn(ToolCall call, LearningGate gate)
    {
        if (call.Kind != CallKind.ToolCall)
        {
            return;
        }

        if (gate == LearningGate.Open && detector.Notes(ref _version, call))
        {
            Fork();
        }

        ref var episode = ref EpisodeOf(call, gate);
        episode.Calls++;
        var tool = detector.Names.ToolOf(call);
        if (gate == LearningGate.Frozen)
        {
            // Nothing becomes familiar, and still no name is new twice.
            Count(_tools, tool, ref episode, ref episode.NewTools);
            foreach (var resource in call.Resources)
            {
                Count(_resources, detector.Names.Of(resource), ref episode, ref episode.NewResources);
                Count(_places, detector.PlaceOf(resource), ref episode, ref episode.NewPlaces);
            }
        }
        else
        {
            LearnNames(call, tool, gate, ref episode);
        }

        episode.HasReadForeign |= NoveltyEpisode.IsForeign(call);
    }

    public override void Accept(DateTimeOffset since)
    {
        var hour = since.UtcTicks / TimeSpan.TicksPerHour;
        _tools.Accept(hour);
        _resources.Accept(hour);
        _places.Accept(hour);
    }

    public override EvidenceDetail Detail(in Finding finding) => new(
        _version.Caveat(Sentence.Of($"{PeerCalls / (PeerCalls + _calls):0%} of what is expected rests on other agents")),
        null,
        Sentence.Of($"fewer than {finding.Observed:0} new names in one session would have been scored lower; a familiar name not at all"));

    public override void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_calls);
        writer.WriteDouble(_callsPerEpisode);
        writer.WriteVariable((ulong)_suspiciousDay);
        _version.Save(writer);
        _tools.Save(writer);
        _resources.Save(writer);
        _places.Save(writer);
        _byTool.Save(writer);
        writer.WriteVariable((ulong)_episodes.Length);
        foreach (var episode in _episodes)
        {
            episode.Save(writer);
        }
    }

    public override void Load(ref MemoryReader reader)
    {
        _calls = reader.ReadUpTo(Novelty.MostCalls);
        _callsPerEpisode = reader.ReadWithin(0, int.MaxValue);
        _suspiciousDay = reader.ReadUnits(TimeSpan.TicksPerDay);
        _version = AgentVersion.Load(ref reader);
        _tools.Load(ref reader);
        _resources.Load(ref reader);
        _places.Load(ref reader);
        _byTool.Load(ref reader);
        _episodes = new NoveltyEpisode[reader.ReadUpTo(MostEpisodes)];
        for (var i = 0; i < _episodes.Length; i++)
        {
            _episodes[i] = NoveltyEpisode.Load(ref reader);
        }
    }

    private ulong Group => detector.GroupOf(ref _peers, agentId);

    private static long HourOf(ToolCall call) => call.Time.UtcTicks / TimeSpan.TicksPerHour;

    private ulong IdOf(ToolCall call) => call.SessionId is null ? (ulong)HourOf(call) : detector.Names.SessionOf(call);

    private int Find(ulong id, long now)
    {
        for (var i = 0; i < _episodes.Length; i++)
        {
            if (_episodes[i].Id == id && !_episodes[i].IsOver(now))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The call's episode: an open one, one that is over, a further one, or the one unheard of for longest, in this order.</summary>
    private ref NoveltyEpisode EpisodeOf(ToolCall call, LearningGate gate)
    {
        var (id, now) = (IdOf(call), call.Time.UtcTicks);
        var at = Find(id, now);
        if (at < 0)
        {
            var oldest = 0;
            for (var i = 1; i < _episodes.Length; i++)
            {
                oldest = _episodes[i].LastTicks < _episodes[oldest].LastTicks ? i : oldest;
            }

            if (_episodes.Length == 0 || (!_episodes[oldest].IsIdle(now) && _episodes.Length < MostEpisodes))
            {
                Array.Resize(ref _episodes, _episodes.Length + 1);
                oldest = _episodes.Length - 1;
            }
            else if (gate != LearningGate.Frozen)
            {
                var weight = _callsPerEpisode == 0 ? 1 : 0.1;
                _callsPerEpisode += weight * (_episodes[oldest].Calls - _callsPerEpisode);
            }

            at = oldest;
            _episodes[at] = new NoveltyEpisode { Id = id };
        }

        _episodes[at].LastTicks = Math.Max(_episodes[at].LastTicks, now);
        return ref _episodes[at];
    }

    /// <summary>Whether a call names a tool or a resource that is not familiar: hardly any does.</summary>
    private bool HasUnfamiliar(ToolCall call)
    {
        if (_tools.IsUnfamiliar(detector.Names.ToolOf(call)))
        {
            return true;
        }

        foreach (var resource in call.Resources)
        {
            if (_resources.IsUnfamiliar(detector.Names.Of(resource)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Judges a call that names something unfamiliar.</summary>
    private Finding Judge(ToolCall call)
    {
        var episode = Find(IdOf(call), call.Time.UtcTicks) is >= 0 and var at ? _episodes[at] : default;
        var tool = detector.Names.ToolOf(call);
        var (finding, hour) = (Finding.None, HourOf(call));
        if (_tools.IsUnfamiliar(tool))
        {
            finding = Rate(Novelty.Tools, episode, episode.HasCounted(tool) ? 0 : 1, 0, call, call.Tool) with { IsOngoing = _tools.IsOldNews(tool, hour) };

            // What a new tool touches at first is new with it; after that as any new name is.
            if (!episode.HasCounted(tool))
            {
                return finding;
            }

            tool = 0;
        }

        var (names, places, countedNames, countedPlaces, latest, latestPlace) = (0, 0, 0, 0, (string?)null, (string?)null);
        var (nameIsKnown, nameIsOld, placeIsOld) = (true, true, true);

        // A name may stand in one call several times, and is learned from it once.
        var most = Math.Min(call.Resources.Length, MostDistinct);
        Span<ulong> unfamiliar = most <= FewDistinct ? stackalloc ulong[2 * FewDistinct] : stackalloc ulong[2 * MostDistinct];
        foreach (var resource in call.Resources)
        {
            var name = detector.Names.Of(resource);
            if (names == most || !_resources.IsUnfamiliar(name) || unfamiliar[..names].Contains(name))
            {
                continue;
            }

            unfamiliar[names++] = name;
            countedNames += episode.HasCounted(name) ? 1 : 0;
            nameIsKnown &= detector.IsKnownToPeers(name, Group);
            nameIsOld &= _resources.IsOldNews(name, hour);
            latest = resource;
            var place = detector.PlaceOf(resource);
            if (_places.IsUnfamiliar(place) && !unfamiliar.Slice(most, places).Contains(place))
            {
                unfamiliar[most + places++] = place;
                countedPlaces += episode.HasCounted(place) ? 1 : 0;
                placeIsOld &= _places.IsOldNews(place, hour);
                latestPlace = resource;
            }
        }

        finding = names == 0 ? finding : Max(finding, Rate(Novelty.Resources, episode, names - countedNames, nameIsKnown ? 0 : tool, call, latest!) with { IsOngoing = nameIsOld });
        return places == 0 ? finding : Max(finding, Rate(Novelty.Places, episode, places - countedPlaces, 0, call, latestPlace!) with { IsOngoing = placeIsOld });
    }

    /// <summary>The more surprising of two findings; of two that are over the threshold rather what people do not know yet.</summary>
    private Finding Max(in Finding a, in Finding b) =>
        a.IsOngoing != b.IsOngoing && Math.Min(a.LogReturnPeriod, b.LogReturnPeriod) >= detector.LogThreshold ? (a.IsOngoing ? b : a) : Finding.Max(a, b);

    private void LearnNames(ToolCall call, ulong tool, LearningGate gate, ref NoveltyEpisode episode)
    {
        var hour = HourOf(call);
        episode.ExpectedTools += (float)Hazard(Novelty.Tools, 0, episode);
        episode.ExpectedResources += (float)Hazard(Novelty.Resources, tool, episode);
        episode.ExpectedPlaces += (float)Hazard(Novelty.Places, 0, episode);
        var isNewTool = !detector.IsFamiliar && Learn(_tools, tool, hour, gate, ref episode, ref episode.NewTools);
        var (newNames, newPlaces, isUnheardOf) = (false, false, false);

        // What is familiar is at a familiar place, or at one on trial.
        for (var i = detector.IsFamiliar && !_places.AreOnTrial ? call.Resources.Length : 0; i < call.Resources.Length; i++)
        {
            var (name, place) = (detector.Names.Of(call.Resources[i]), detector.PlaceOf(call.Resources[i]));
            if (!detector.IsFamiliar && _resources.IsUnfamiliar(name))
            {
                var isKnown = detector.IsKnownToPeers(name, Group);
                var isNew = Learn(_resources, name, hour, gate, ref episode, ref episode.NewResources);
                isUnheardOf |= isNew && !isKnown;
                newNames |= isNew;
            }

            newPlaces |= Learn(_places, place, hour, gate, ref episode, ref episode.NewPlaces);
        }

        if (gate == LearningGate.Open)
        {
            TellPeers(tool, isNewTool, newNames, newPlaces, isUnheardOf);
        }
        else if (hour / HoursPerDay <= _suspiciousDay)
        {
            return;
        }
        else if (isNewTool || newNames || newPlaces)
        {
            // Of all that is suspicious one call a day counts: a lasting regime is accepted in time, attacks that are repeated are not.
            _suspiciousDay = hour / HoursPerDay;
        }

        CountCall(tool, isNewTool, newNames, newPlaces, isUnheardOf);
    }

    private void TellPeers(ulong tool, bool isNewTool, bool newNames, bool newPlaces, bool isUnheardOf)
    {
        var age = NoveltyPeers.Age(_calls);
        detector.TellPeers(Novelty.Tools, age, Group, isNewTool);
        detector.TellPeers(Novelty.Resources, age, Group, newNames);
        detector.TellPeers(Novelty.Places, age, Group, newPlaces);
        detector.TellPeersOf(tool, Group, isUnheardOf);
    }

    private void CountCall(ulong tool, bool isNewTool, bool newNames, bool newPlaces, bool isUnheardOf)
    {
        _calls++;
        _tools.CountCall(isNewTool);
        _resources.CountCall(newNames);
        _places.CountCall(newPlaces);
        Novelty.CountCall(_byTool, tool, isUnheardOf, KeepOfTool);
    }

    /// <summary>Another version: its names are its predecessor's, and it is younger, so that more is expected to be new for it.</summary>
    private void Fork()
    {
        _calls = (long)(_calls * AgentVersion.Kept);
        _tools.Scale(AgentVersion.Kept);
        _resources.Scale(AgentVersion.Kept);
        _places.Scale(AgentVersion.Kept);
        _byTool.Scale(AgentVersion.Kept);
    }

    private bool Learn(NameMemory names, ulong name, long hour, LearningGate gate, ref NoveltyEpisode episode, ref int counter)
    {
        if (!Count(names, name, ref episode, ref counter))
        {
            return false;
        }

        var isNew = names.Learn(name, hour, gate, detector.Tells);
        if (isNew && gate == LearningGate.Open)
        {
            detector.TellPeers(name, Group);
        }

        return isNew;
    }

    private static bool Count(NameMemory names, ulong name, ref NoveltyEpisode episode, ref int counter)
    {
        if (!names.IsUnfamiliar(name))
        {
            return false;
        }

        if (!episode.HasCounted(name))
        {
            episode.Count(name);
            counter++;
        }

        return true;
    }

    /// <summary>The chance that a call brings a new name; with a tool, that a call of it brings one that no peer has used either.</summary>
    private double Hazard(int feature, ulong tool, in NoveltyEpisode episode)
    {
        var names = feature switch { Novelty.Tools => _tools, Novelty.Resources => _resources, _ => _places };
        var (brought, calls) = names.Recent;

        // What this episode brought must not make more of it expected.
        var here = episode.New(feature);
        var hazard = (Math.Max(0, brought - here) + Math.Max(PeerCalls * detector.PeerHazard(feature, NoveltyPeers.Age(_calls), Group), LeastNew)) / (calls + PeerCalls);
        if (tool != 0)
        {
            hazard = Shrinkage.Rate(Math.Max(0, _byTool[Novelty.NewOf(tool)] - here), _byTool[tool], detector.PeerHazardOf(tool, Group, hazard, here), OwnCalls);
        }

        return Math.Min(hazard, 1);
    }

    private Finding Rate(int feature, in NoveltyEpisode episode, int news, ulong tool, ToolCall call, string latest)
    {
        var hazard = Hazard(feature, tool, episode);
        var expected = Math.Max(episode.Expected(feature) + hazard, hazard * Math.Max(_callsPerEpisode, episode.Calls + 1));
        var observed = Math.Max(1, news + episode.New(feature));
        var surprisal = NegativeBinomial.Surprisal(observed, expected, Clustering);
        var isBefore = call.SessionId is not null && call.ResultSource != SourceTrust.Unknown && !episode.HasReadForeign;
        return Novelty.Rate(feature, Lineage.IsConsequential(call.Action), surprisal * (isBefore ? BeforeForeignResults : 1), observed, expected, latest);
    }
}
