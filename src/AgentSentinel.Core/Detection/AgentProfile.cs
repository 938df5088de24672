using System.Numerics;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detection;

/// <summary>
/// Everything that is remembered of one agent: its open windows and what each detector has learned.
/// Owned by the <c>DetectionEngine</c> of the agent's partition.
/// </summary>
public sealed class AgentProfile
{
    private const byte FormatVersion = 7;

    // An open window is reported when it crosses the threshold, which says little of how bad it will become: a burst's fourth call looks
    // like any agent's busy minute. Each three decades of return period beyond it are reported once more, twice at most.
    private const int MostSteps = 3;
    private const double DecadesPerStep = 3;

    private readonly ProfileSetup _setup;
    private readonly Baseline[] _baselines;
    private readonly List<AgentWindow> _open = new(2);
    private readonly Quarantine _quarantine = new();
    private readonly ulong _idSalt;
    private readonly KnownCredentials _credentials = new();
    private readonly MutedDetectors _muted;

    internal AgentProfile(string agentId, ProfileSetup setup)
    {
        AgentId = agentId;
        _setup = setup;
        _idSalt = Fingerprint.Of(setup.Key, agentId);
        _baselines = new Baseline[setup.Detectors.Count];
        _muted = new MutedDetectors(_baselines.Length);
        for (var i = 0; i < _baselines.Length; i++)
        {
            _baselines[i] = setup.Detectors[i].CreateBaseline(agentId);
        }
    }

    /// <summary>The agent.</summary>
    public string AgentId { get; }

    /// <summary>Time of the agent's first accepted event.</summary>
    public DateTimeOffset FirstSeen { get; private set; }

    /// <summary>Latest time of an accepted event.</summary>
    public DateTimeOffset LastSeen { get; private set; }

    /// <summary>Accepted events so far.</summary>
    public long Events { get; private set; }

    /// <summary>Events that came too late to be counted elsewhere.</summary>
    public long LateEvents { get; private set; }

    /// <summary>Credential that the agent used last, or null.</summary>
    public string? CredentialId { get; private set; }

    /// <summary>What each detector has learned, in the order of the registered detectors.</summary>
    public IReadOnlyList<Baseline> Baselines => _baselines;

    /// <summary>Changed since it was last saved.</summary>
    internal bool IsDirty { get; set; }

    /// <summary>True while a window is open, which means that time alone can change this profile.</summary>
    internal bool HasOpenWindows => _open.Count > 0;

    internal void CountLate()
    {
        LateEvents++;
        IsDirty = true;
    }

    /// <summary>Scores a call with every detector, learns from it, and counts it in its window.</summary>
    internal CallVerdict Observe(ToolCall call, DetectionOutput output)
    {
        // Another agent's id must not make this one's call a repeat: ids are compared within an agent only.
        var callId = Fingerprint.Of(_setup.Key, call.IdUtf8.Span) ^ _idSalt;
        foreach (var open in _open)
        {
            if (open.HasSeen(callId))
            {
                return CallVerdict.Duplicate;
            }
        }

        var window = WindowOf(call.Time);
        window.Add(call, callId, isBrokenDown: output.Windows is not null);
        var sensitivity = _setup.Resources.HighestOf(call);
        window.Sensitivity = sensitivity is null || window.Sensitivity > sensitivity ? window.Sensitivity : sensitivity;
        FirstSeen = Events == 0 ? call.Time : FirstSeen;
        LastSeen = call.Time > LastSeen ? call.Time : LastSeen;
        Events++;
        NoteCredential(call, output);
        IsDirty = true;

        Learn(call, Score(call, window, output), output);
        window.TopLogReturnPeriod = Math.Max(window.TopLogReturnPeriod, output.Top.LogReturnPeriod);
        return CallVerdict.Accepted;
    }

    /// <summary>A person found harmless what was found about this agent since then.</summary>
    internal void Accept(DateTimeOffset since, DetectionOutput output)
    {
        IsDirty = true;
        _quarantine.End();
        for (var i = 0; i < _baselines.Length; i++)
        {
            try
            {
                _baselines[i].Accept(since);
            }
            catch (Exception error)
            {
                Mute(i, LastSeen, error, output);
            }
        }
    }

    /// <summary>Closes the windows that end at or before the watermark: scores each with every detector and learns from it.</summary>
    internal void Close(DateTimeOffset watermark, DetectionOutput output)
    {
        while (_open.Count > 0 && _open[0].End <= watermark)
        {
            var window = _open[0];
            _open.RemoveAt(0);
            IsDirty = true;
            var (open, suspicious) = GatesAt(window.Start);
            ExpectedRange? expected = null;
            for (var asked = _setup.Asked(_baselines).OfWindows & ~_muted.At(window.End); asked != 0; asked &= asked - 1)
            {
                var i = BitOperations.TrailingZeroCount(asked);
                try
                {
                    if (output.Windows is not null)
                    {
                        expected ??= _baselines[i].ExpectedCalls(window);
                    }

                    var finding = _baselines[i].Score(window);
                    window.TopLogReturnPeriod = Math.Max(window.TopLogReturnPeriod, finding.LogReturnPeriod);
                    var margin = finding.LogReturnPeriod - _setup.LogThresholds[i];
                    if (margin >= 0)
                    {
                        Raise(i, finding, margin, window, null, output);
                    }

                    _baselines[i].Learn(window, margin >= 0 ? suspicious : open);
                }
                catch (Exception error)
                {
                    Mute(i, window.End, error, output);
                }
            }

            if (output.Windows is { } values)
            {
                WindowValue.AddAll(values, window, expected);
            }

            _setup.Windows.Return(window);
        }
    }

    internal void Save(MemoryWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteTime(FirstSeen);
        writer.WriteTime(LastSeen);
        writer.WriteVariable((ulong)Events);
        writer.WriteVariable((ulong)LateEvents);
        writer.WriteString(CredentialId ?? "");
        _credentials.Save(writer);
        writer.WriteVariable((ulong)_open.Count);
        foreach (var window in _open)
        {
            window.Save(writer);
        }

        _quarantine.Save(writer);
        writer.WriteVariable((ulong)_baselines.Length);
        for (var i = 0; i < _baselines.Length; i++)
        {
            writer.WriteString(_setup.Detectors[i].Name);
            writer.WriteTime(_muted.Until(i));
            var block = writer.BeginBlock();
            _baselines[i].Save(writer);
            writer.EndBlock(block);
        }
    }

    /// <summary>
    /// Loads what <see cref="Save"/> wrote. A detector that was not registered then starts afresh;
    /// what belongs to one that is no longer registered is skipped.
    /// </summary>
    internal static AgentProfile Load(string agentId, ProfileSetup setup, ref MemoryReader reader)
    {
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new MemoryFormatException($"A profile of format {version} was saved; this version reads format {FormatVersion}.");
        }

        var profile = new AgentProfile(agentId, setup)
        {
            FirstSeen = reader.ReadTime(),
            LastSeen = reader.ReadTime(),
            Events = reader.ReadInt64(),
            LateEvents = reader.ReadInt64(),
            CredentialId = reader.ReadString() is { Length: > 0 } credential ? credential : null,
        };
        profile._credentials.Load(ref reader);
        for (var left = reader.ReadCount(1); left > 0; left--)
        {
            profile._open.Add(AgentWindow.Load(agentId, ref reader));
        }

        profile._quarantine.Load(ref reader);

        for (var left = reader.ReadCount(1); left > 0; left--)
        {
            var name = reader.ReadString();
            var mutedUntil = reader.ReadTime();
            var block = reader.ReadBlock();
            var position = setup.PositionOf(name);
            if (position < 0)
            {
                continue;
            }

            profile._baselines[position].Load(ref block);
            profile._muted.Restore(position, mutedUntil);
        }

        return profile;
    }

    /// <summary>Scores a call with every detector before any learns from it, and raises what is over the threshold.</summary>
    /// <returns>A bit for each detector that was.</returns>
    private uint Score(ToolCall call, AgentWindow window, DetectionOutput output)
    {
        output.Top = Finding.None;
        output.TopDetector = -1;
        output.TopMargin = double.NegativeInfinity;
        var anomalous = 0u;
        for (var asked = _setup.Asked(_baselines).ToScoreCalls & ~_muted.At(call.Time); asked != 0; asked &= asked - 1)
        {
            var i = BitOperations.TrailingZeroCount(asked);
            try
            {
                var finding = _baselines[i].Score(call, window);
                if (double.IsNegativeInfinity(finding.LogReturnPeriod))
                {
                    continue;
                }

                var margin = finding.LogReturnPeriod - _setup.LogThresholds[i];
                if (margin >= 0)
                {
                    anomalous |= 1u << i;
                    Raise(i, finding, margin, window, call, output);
                }

                if (margin > output.TopMargin)
                {
                    output.Top = finding;
                    output.TopDetector = i;
                    output.TopMargin = margin;
                }
            }
            catch (Exception error)
            {
                Mute(i, call.Time, error, output);
            }
        }

        return anomalous;
    }

    /// <summary>Of what belongs to an alarmed session no detector of behaviour learns, whichever raised the alarm; those of volume count all the same.</summary>
    private void Learn(ToolCall call, uint anomalous, DetectionOutput output)
    {
        if ((anomalous & ~_setup.OfVolume) != 0)
        {
            _quarantine.Begin(call, _setup.Key);
        }

        anomalous |= _quarantine.Holds(call, _setup.Key) ? ~_setup.OfVolume : 0;
        var (open, suspicious) = GatesAt(call.Time);
        for (var asked = _setup.Asked(_baselines).ToLearnCalls & ~_muted.At(call.Time); asked != 0; asked &= asked - 1)
        {
            var i = BitOperations.TrailingZeroCount(asked);
            try
            {
                _baselines[i].Learn(call, (anomalous & (1u << i)) != 0 ? suspicious : open);
            }
            catch (Exception error)
            {
                Mute(i, call.Time, error, output);
            }
        }
    }

    private void NoteCredential(ToolCall call, DetectionOutput output)
    {
        if (call.CredentialId is null || call.CredentialId == CredentialId)
        {
            return;
        }

        CredentialId = call.CredentialId;
        var credential = Fingerprint.Of(_setup.Key, CredentialId);
        if (_credentials.Add(credential, call.Time.UtcTicks / TimeSpan.TicksPerDay))
        {
            output.Credentials.Add(new CredentialSighting(
                credential.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), AgentId, call.Time, FirstSeen, call.Id, call.SessionId, CredentialId));
        }
    }

    private AgentWindow WindowOf(DateTimeOffset time)
    {
        var minute = time.UtcTicks / TimeSpan.TicksPerMinute;
        var position = _open.Count;
        while (position > 0 && _open[position - 1].Minute >= minute)
        {
            position--;
            if (_open[position].Minute == minute)
            {
                return _open[position];
            }
        }

        var window = _setup.Windows.Open(AgentId, new DateTimeOffset(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero));
        _open.Insert(position, window);
        return window;
    }

    /// <summary>How much may be learned of what raised no alarm, and of what did.</summary>
    private (LearningGate Open, LearningGate Suspicious) GatesAt(DateTimeOffset time) =>
        time >= _setup.FreezeAt ? (LearningGate.Frozen, LearningGate.Frozen) : (LearningGate.Open, LearningGate.Suspicious);

    /// <summary>
    /// Raises an anomaly for a finding that is over the threshold by so many decades, unless people know of it: one per detector and window, and a further one only when
    /// the window has become worse by a step.
    /// </summary>
    private void Raise(int detector, Finding finding, double over, AgentWindow window, ToolCall? call, DetectionOutput output)
    {
        var step = finding.IsOngoing ? 0 : 1 + Math.Min((int)(over / DecadesPerStep), MostSteps - 1);
        var shift = 2 * detector;
        var raised = (int)(window.Raised >> shift) & MostSteps;
        if (step > raised)
        {
            window.Raised = (window.Raised & ~(3UL << shift)) | ((ulong)step << shift);
            output.Anomalies.Add(Describe(detector, step, finding, window, call));
        }
    }

    private Anomaly Describe(int detector, int step, in Finding finding, AgentWindow window, ToolCall? call) => new(
        AnomalyId.Of(AgentId, _setup.Detectors[detector].Name, window.Start, step),
        AgentId,
        call?.Time ?? window.End,
        window.Start,
        window.End,
        Because(detector, finding, call?.Time ?? window.Start),
        call?.Id,
        call?.SessionId,
        CredentialId,
        call?.AgentVersion,
        FirstSeen)
    {
        Sensitivity = call is null ? window.Sensitivity : _setup.Resources.HighestOf(call),
        IsOfFailedCalls = call?.HasFailed ?? 2 * (window.Errors + window.Denials) > window.Calls,
    };

    private Evidence Because(int detector, in Finding finding, DateTimeOffset time)
    {
        var evidence = Evidence.From(_setup.Detectors[detector], _baselines[detector], finding);
        return _setup.Detectors[detector].IsOfVolume && _setup.Calendar.ChangeOf(AgentId, time) is { } change
            ? evidence with { PlannedChange = change.Summary }
            : evidence;
    }

    private void Mute(int detector, DateTimeOffset time, Exception error, DetectionOutput output)
    {
        _muted.Add(detector, time);
        output.Failures.Add(new DetectorFailure(_setup.Detectors[detector].Name, AgentId, error));
    }
}
