using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Windowing;

/// <summary>
/// What one agent did in one tumbling interval of event time. Owned by the agent's profile;
/// detectors read it and do not keep it, as it is used again for a later interval.
/// </summary>
public sealed class AgentWindow
{
    /// <summary>Length of every window. Windows begin at full minutes, UTC; detectors that look at longer spans add windows up.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly RecentIds _ids = new();

    /// <summary>Whose it is. Text from telemetry: data.</summary>
    public string AgentId { get; private set; } = "";

    /// <summary>Begin of the interval, inclusive, UTC.</summary>
    public DateTimeOffset Start { get; private set; }

    /// <summary>End of the interval, exclusive, UTC.</summary>
    public DateTimeOffset End => Start + Length;

    /// <summary>Number of the minute, counted from 1 January of year 1.</summary>
    public long Minute { get; private set; }

    /// <summary>Tool calls. Until the window closes this can only grow.</summary>
    public int Calls { get; private set; }

    /// <summary>Calls whose tool failed.</summary>
    public int Errors { get; private set; }

    /// <summary>Calls that a guardrail or permission refused.</summary>
    public int Denials { get; private set; }

    /// <summary>Records read or written, as far as told.</summary>
    public double Records { get; private set; }

    /// <summary>Bytes of requests and results, as far as told.</summary>
    public double Bytes { get; private set; }

    /// <summary>Model tokens, as far as told.</summary>
    public double Tokens { get; private set; }

    /// <summary>The highest label among the resources that its calls named; null when none were named.</summary>
    public Sensitivity? Sensitivity { get; internal set; }

    /// <summary>What was done with each tool: the heaviest few, and the rest. Empty unless charts are drawn.</summary>
    public WindowBreakdown Tools { get; } = new();

    /// <summary>What was done with each resource that calls named: the heaviest few, and the rest. A call that names several is split evenly between them. Empty unless charts are drawn.</summary>
    public WindowBreakdown Datasets { get; } = new();

    /// <summary>The most surprising of what was said of its calls, as log10 of a return period in days; −∞ when nothing was unusual.</summary>
    internal double TopLogReturnPeriod { get; set; } = double.NegativeInfinity;

    /// <summary>How far each detector has raised its voice in this window: two bits, from 2i on, for the detector at position i.</summary>
    internal ulong Raised { get; set; }

    internal void Open(string agentId, DateTimeOffset start)
    {
        AgentId = agentId;
        Start = start;
        Minute = start.UtcTicks / TimeSpan.TicksPerMinute;
        Calls = Errors = Denials = 0;
        Records = Bytes = Tokens = 0;
        Raised = 0;
        Sensitivity = null;
        TopLogReturnPeriod = double.NegativeInfinity;
        Tools.Clear();
        Datasets.Clear();
        _ids.Clear();
    }

    internal bool HasSeen(ulong callId) => _ids.Contains(callId);

    /// <summary>Counts a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="callId">Fingerprint of its id.</param>
    /// <param name="isBrokenDown">Whether it is counted by what it was done with, too.</param>
    internal void Add(ToolCall call, ulong callId, bool isBrokenDown = false)
    {
        _ids.Add(callId);
        if (call.Kind != CallKind.ToolCall)
        {
            return;
        }

        var (records, bytes) = (call.Records ?? 0, (call.RequestBytes ?? 0) + (call.ResultBytes ?? 0));
        Calls++;
        Errors += call.Status == CallStatus.Error ? 1 : 0;
        Denials += call.Status == CallStatus.Denied ? 1 : 0;
        Records += records;
        Bytes += bytes;
        Tokens += call.Tokens ?? 0;
        if (!isBrokenDown)
        {
            return;
        }

        Tools.Add(call.Tool, call.HasFailed, records, bytes);
        foreach (var resource in call.Resources)
        {
            Datasets.Add(resource, call.HasFailed, records / call.Resources.Length, bytes / call.Resources.Length);
        }
    }

    internal void Save(MemoryWriter writer)
    {
        writer.WriteTime(Start);
        writer.WriteVariable((ulong)Calls);
        writer.WriteVariable((ulong)Errors);
        writer.WriteVariable((ulong)Denials);
        writer.WriteDouble(Records);
        writer.WriteDouble(Bytes);
        writer.WriteDouble(Tokens);
        writer.WriteVariable(Raised);
        writer.WriteByte((byte)(Sensitivity is { } label ? (int)label + 1 : 0));
        writer.WriteBoolean(double.IsFinite(TopLogReturnPeriod));
        if (double.IsFinite(TopLogReturnPeriod))
        {
            writer.WriteDouble(TopLogReturnPeriod);
        }

        Tools.Save(writer);
        Datasets.Save(writer);
        writer.WriteVariable((ulong)_ids.Count);
        foreach (var id in _ids.InOrder)
        {
            writer.WriteUInt64(id);
        }
    }

    internal static AgentWindow Load(string agentId, ref MemoryReader reader)
    {
        var start = reader.ReadTime();
        var window = new AgentWindow
        {
            Start = start,
            Minute = start.UtcTicks / TimeSpan.TicksPerMinute,
            AgentId = agentId,
            Calls = reader.ReadInt32(),
            Errors = reader.ReadInt32(),
            Denials = reader.ReadInt32(),
            Records = reader.ReadFinite(),
            Bytes = reader.ReadFinite(),
            Tokens = reader.ReadFinite(),
            Raised = reader.ReadVariable(),
            Sensitivity = reader.ReadUpTo((long)Events.Sensitivity.Restricted + 1) is > 0 and var label ? (Sensitivity)(label - 1) : null,
            TopLogReturnPeriod = reader.ReadBoolean() ? reader.ReadFinite() : double.NegativeInfinity,
        };
        window.Tools.Load(ref reader);
        window.Datasets.Load(ref reader);
        for (var left = reader.ReadCount(8); left > 0; left--)
        {
            window._ids.Add(reader.ReadUInt64());
        }

        return window;
    }
}
