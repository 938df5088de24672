using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core;

/// <summary>
/// What is odd: the fold over the tool calls of one partition. The same calls give the same anomalies, byte for byte,
/// whatever restarts lie in between.
/// </summary>
/// <remarks>
/// Not thread-safe: one pipeline owns it. An instance begins where the saved memory ends; profiles are read from there
/// when their agent acts again, so that a restart costs nothing for agents that are silent. Cost per call: O(detectors).
/// </remarks>
public sealed class DetectionEngine
{
    private const byte FormatVersion = 5;

    private static readonly StateKey EngineKey = new(StateKind.Engine, "");

    private readonly DetectionOptions _options;
    private readonly IReadOnlyList<Detector> _detectors;
    private readonly IStateReader _saved;
    private readonly ProfileSetup _setup;
    private readonly LiveProfiles _profiles;
    private readonly Watermark _watermark;
    private readonly MemoryWriter _scratch = new();
    private readonly List<AgentProfile> _dirty = [];

    // In the order in which their first open window was opened: part of the memory, so that anomalies of windows that close
    // at the same moment come in the same order after a restart.
    private readonly List<AgentProfile> _withOpenWindows = [];

    private readonly FleetCounter _fleet = new();
    private readonly SightingLimit _sightings = new();
    private readonly AgentRegistry _declared;
    private readonly JournalKnowledge _journal = new();
    private DateTimeOffset _lastClosed = DateTimeOffset.MinValue;

    /// <summary>Goes on where the saved memory ends.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="detectors">Fresh detectors of this partition; see <c>StandardDetectors</c>.</param>
    /// <param name="saved">The saved memory of this partition.</param>
    /// <param name="registry">What is declared of the agents; null when nothing is.</param>
    /// <param name="calendar">Holidays and planned changes; null when there are none.</param>
    /// <exception cref="MemoryFormatException">The saved memory is damaged or of another version.</exception>
    public DetectionEngine(
        DetectionOptions options, IReadOnlyList<Detector> detectors, IStateReader saved, AgentRegistry? registry = null, WorkCalendar? calendar = null)
    {
        _options = options;
        _detectors = detectors;
        _saved = saved;
        _declared = registry ?? AgentRegistry.Empty;
        _setup = new ProfileSetup(options, detectors, _declared, calendar ?? WorkCalendar.Empty);
        _profiles = new LiveProfiles(_setup, saved);
        _watermark = new Watermark(options.Windows.AllowedLateness);
        Load();
    }

    /// <summary>What is declared: the file, and what the journal changed of it as far as <see cref="Amend"/> was told.</summary>
    public AgentRegistry Registry => _setup.Registry;

    /// <summary>Up to here event time is taken to be complete.</summary>
    public DateTimeOffset Watermark => _watermark.Value;

    /// <summary>The newest event time that counts: the watermark and the allowed lateness. <see cref="DateTimeOffset.MinValue"/> before the first call.</summary>
    public DateTimeOffset NewestTime => Watermark == DateTimeOffset.MinValue ? Watermark : Watermark + _options.Windows.AllowedLateness;

    /// <summary>The detectors, in the order of their positions.</summary>
    public IReadOnlyList<Detector> Detectors => _detectors;

    /// <summary>Events accepted, since the first.</summary>
    public long AcceptedEvents { get; private set; }

    /// <summary>Events that came too late, since the first.</summary>
    public long LateEvents { get; private set; }

    /// <summary>Repeats that were dropped, since the first.</summary>
    public long DuplicateEvents { get; private set; }

    /// <summary>Profiles in memory.</summary>
    public int LiveProfiles => _profiles.Count;

    /// <summary>Profiles that changed since they were last saved: what the next checkpoint has to write.</summary>
    public int ChangedProfiles => _dirty.Count;

    /// <summary>Takes one call: scores it, learns from it, counts it; closes the windows that it shows to be complete.</summary>
    /// <param name="call">The call; not kept.</param>
    /// <param name="receivedAt">When its record was received: part of the input, so that a replay gives the same answer.</param>
    /// <param name="output">Where findings go.</param>
    public CallVerdict Process(ToolCall call, DateTimeOffset receivedAt, DetectionOutput output)
    {
        if (_watermark.Observe(call.Time, receivedAt))
        {
            CloseDueWindows(output);
        }

        if (_watermark.IsLate(call.Time))
        {
            CountLate(call.AgentId);
            return CallVerdict.Late;
        }

        var profile = _profiles.Of(call.AgentId);
        var wasOpen = profile.HasOpenWindows;
        var wasDirty = profile.IsDirty;
        var lastSeen = profile.LastSeen;
        var verdict = profile.Observe(call, output);
        if (verdict == CallVerdict.Duplicate)
        {
            DuplicateEvents++;
            return verdict;
        }

        AcceptedEvents++;
        _fleet.Observe(lastSeen, profile.LastSeen);
        if (lastSeen.UtcTicks / TimeSpan.TicksPerDay != profile.LastSeen.UtcTicks / TimeSpan.TicksPerDay)
        {
            Sight(profile, output);
        }

        if (!wasDirty)
        {
            _dirty.Add(profile);
        }

        if (!wasOpen)
        {
            _withOpenWindows.Add(profile);
        }

        return verdict;
    }

    /// <summary>Lets event time go on in a partition that has nothing new to say.</summary>
    /// <param name="now">Nothing older than this, less the allowed lateness, is to be waited for.</param>
    /// <param name="output">Where findings go.</param>
    public void Advance(DateTimeOffset now, DetectionOutput output)
    {
        if (_watermark.Advance(now))
        {
            CloseDueWindows(output);
        }
    }

    /// <summary>
    /// Takes over what people changed of the registry: it holds from the next call on. Which call that is, is no matter of the calls alone, so that the
    /// caller saves before it goes on: then a replay takes the same calls under the same registry.
    /// </summary>
    /// <param name="amendments">All that the journal says, up to some place in it. What says less than is known already changes nothing.</param>
    /// <returns>True when something changed, and has to be saved.</returns>
    public bool Amend(RegistryAmendments amendments)
    {
        if (!_journal.Amend(amendments))
        {
            return false;
        }

        Declare();
        return true;
    }

    /// <summary>Takes over what people found harmless: what was held back because of it is learned. As with <see cref="Amend"/> the caller saves before it goes on.</summary>
    /// <param name="dismissals">In order of time. What was taken over before changes nothing.</param>
    /// <param name="output">Where detectors that throw are told.</param>
    /// <returns>True when something changed, and has to be saved.</returns>
    public bool Accept(IReadOnlyList<Dismissal> dismissals, DetectionOutput output)
    {
        var news = _journal.Accept(dismissals);
        foreach (var dismissal in news)
        {
            if (_profiles.Known(dismissal.AgentId) is { } profile)
            {
                NoteChange(profile);
                profile.Accept(dismissal.Since, output);
            }
        }

        return news.Count > 0;
    }

    /// <summary>Reads the profile of an agent; null when nothing is known of it.</summary>
    public AgentProfile? Find(string agentId) => _profiles.Find(agentId);

    /// <summary>
    /// Writes what changed since the last time, then drops the profiles unseen for longest if there are too many in memory.
    /// The caller makes what was written durable together with the offset of the next call.
    /// </summary>
    public void Save(IStateWriter writer)
    {
        _scratch.Clear();
        _scratch.WriteByte(FormatVersion);
        _scratch.WriteTime(_watermark.Value);
        _scratch.WriteTime(_lastClosed);
        _fleet.Save(_scratch);
        _sightings.Save(_scratch);
        _scratch.WriteVariable((ulong)AcceptedEvents);
        _scratch.WriteVariable((ulong)LateEvents);
        _scratch.WriteVariable((ulong)DuplicateEvents);
        _scratch.WriteVariable((ulong)_withOpenWindows.Count);
        foreach (var profile in _withOpenWindows)
        {
            _scratch.WriteString(profile.AgentId);
        }

        writer.Write(EngineKey, _scratch.Written);
        _journal.Save(writer, _scratch);
        foreach (var detector in _detectors)
        {
            _scratch.Clear();
            detector.Save(_scratch);
            if (_scratch.Written.Length > 0)
            {
                writer.Write(new StateKey(StateKind.Detector, detector.Name), _scratch.Written);
            }
        }

        foreach (var profile in _dirty)
        {
            _scratch.Clear();
            profile.Save(_scratch);
            writer.Write(new StateKey(StateKind.Profile, profile.AgentId), _scratch.Written);
            profile.IsDirty = false;
        }

        _dirty.Clear();
        _profiles.DropUnseen(_options.MaxLiveProfiles);
    }

    private void Declare()
    {
        _setup.Registry = _journal.Over(_declared);
        foreach (var detector in _detectors)
        {
            detector.Declare(_setup.Registry);
        }
    }

    /// <summary>Where agents are registered, tells of those that are not, once a day.</summary>
    private void Sight(AgentProfile profile, DetectionOutput output)
    {
        if (!_setup.Registry.IsEmpty && _setup.Registry.Find(profile.AgentId) is null && _sightings.Allows(_watermark.Value))
        {
            output.Sightings.Add(new AgentSighting(profile.AgentId, profile.LastSeen));
        }
    }

    /// <summary>A late call alone does not make an agent known: otherwise a backlog of made-up ids would cost a profile each.</summary>
    private void CountLate(string agentId)
    {
        LateEvents++;
        if (_profiles.Known(agentId) is { } profile)
        {
            NoteChange(profile);
            profile.CountLate();
        }
    }

    private void NoteChange(AgentProfile profile)
    {
        if (!profile.IsDirty)
        {
            _dirty.Add(profile);
        }
    }

    private void CloseDueWindows(DetectionOutput output)
    {
        var due = new DateTimeOffset(_watermark.Value.UtcTicks - (_watermark.Value.UtcTicks % AgentWindow.Length.Ticks), TimeSpan.Zero);
        if (due <= _lastClosed)
        {
            return;
        }

        _lastClosed = due;
        var kept = 0;
        for (var i = 0; i < _withOpenWindows.Count; i++)
        {
            var profile = _withOpenWindows[i];
            var wasDirty = profile.IsDirty;
            profile.Close(due, output);
            if (profile.IsDirty && !wasDirty)
            {
                _dirty.Add(profile);
            }

            if (profile.HasOpenWindows)
            {
                _withOpenWindows[kept++] = profile;
            }
        }

        _withOpenWindows.RemoveRange(kept, _withOpenWindows.Count - kept);
        output.Census = _fleet.CountAt(_lastClosed) ?? output.Census;
    }

    private void Load()
    {
        _journal.Load(_saved);
        if (_journal.AmendsRegistry)
        {
            Declare();
        }

        if (!_saved.TryRead(EngineKey, out var bytes))
        {
            return;
        }

        var reader = new MemoryReader(bytes.Span);
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"Detection memory of format {version} was saved; this version reads format {FormatVersion}.");
        }

        _watermark.Restore(reader.ReadTime());
        _lastClosed = reader.ReadTime();
        _fleet.Load(ref reader);
        _sightings.Load(ref reader);
        AcceptedEvents = reader.ReadInt64();
        LateEvents = reader.ReadInt64();
        DuplicateEvents = reader.ReadInt64();

        // The names are copied first: reading a profile ends the life of these bytes.
        var names = new string[reader.ReadCount(1)];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.ReadString();
        }

        foreach (var name in names)
        {
            _withOpenWindows.Add(_profiles.Of(name));
        }

        foreach (var detector in _detectors)
        {
            if (_saved.TryRead(new StateKey(StateKind.Detector, detector.Name), out var memory))
            {
                var detectorReader = new MemoryReader(memory.Span);
                detector.Load(ref detectorReader);
            }
        }
    }
}
