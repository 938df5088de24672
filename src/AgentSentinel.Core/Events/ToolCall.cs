using System.Text;

namespace AgentSentinel.Core.Events;

/// <summary>
/// One event of an agent's telemetry: a tool call, or the request that began a session.
/// </summary>
/// <remarks>
/// The decoder's owner keeps one instance and fills it anew for every record, so that a call costs no allocation:
/// whoever needs more than the current call copies what it needs. Texts are ordinary strings and may be kept;
/// the <see cref="ReadOnlyMemory{T}"/> members are slices of the record and live only as long as it does. An id that its producer wrote with
/// escapes is no slice of anything: it is unescaped into a buffer of this object and lives only until the object is filled anew.
/// The slices that are raw JSON are valid JSON and no more: an escape in them may spell half of a surrogate pair, on which
/// <c>GetString</c> of <see cref="System.Text.Json"/> throws; whoever unescapes them must expect it, and go on.
/// Every text here was written by somebody else: it is data, never an instruction, a format string or markup.
/// </remarks>
public sealed class ToolCall
{
    // The id (128 characters of at most 3 bytes; the 4 bytes of a pair are two characters) and three trace ids of 32 digits.
    private const int UnescapedCapacity = (128 * 3) + (3 * 32);

    private string[] _resources = new string[4];
    private int _keptResources;
    private byte[]? _unescaped;
    private int _unescapedLength;

    /// <summary>Unique per call, UTF-8, at most 128 characters; a repeat is dropped. Slice of the record.</summary>
    public ReadOnlyMemory<byte> IdUtf8 { get; internal set; }

    /// <summary><see cref="IdUtf8"/> as text. Allocates: for evidence and output, not for every call.</summary>
    public string Id => Encoding.UTF8.GetString(IdUtf8.Span);

    /// <summary>When the call was made, by its producer's clock (event time), in UTC.</summary>
    public DateTimeOffset Time { get; internal set; }

    /// <summary>The agent as an identity.</summary>
    public string AgentId { get; internal set; } = "";

    /// <summary>Whether this is a tool call or a request.</summary>
    public CallKind Kind { get; internal set; }

    /// <summary>The tool's name; empty for a request.</summary>
    public string Tool { get; internal set; } = "";

    /// <summary>Where the tool lives (MCP server, host), or null.</summary>
    public string? ToolServer { get; internal set; }

    /// <summary>What the call does; derived from the tool's name when the producer does not say.</summary>
    public ToolAction Action { get; internal set; }

    /// <summary>How the call ended.</summary>
    public CallStatus Status { get; internal set; }

    /// <summary>Error class of a failed call, or null. Cleaned like <see cref="Resources"/>, and cut off after 256 characters.</summary>
    public string? Error { get; internal set; }

    /// <summary>Records read or written, or null when not told.</summary>
    public double? Records { get; internal set; }

    /// <summary>Size of the request in bytes, or null when not told.</summary>
    public double? RequestBytes { get; internal set; }

    /// <summary>Size of the result in bytes, or null when not told.</summary>
    public double? ResultBytes { get; internal set; }

    /// <summary>Duration in milliseconds, or null when not told.</summary>
    public double? DurationMs { get; internal set; }

    /// <summary>Model tokens spent, or null when not told.</summary>
    public double? Tokens { get; internal set; }

    /// <summary>One task or conversation; the trace id when the producer names no session; null when neither is there.</summary>
    public string? SessionId { get; internal set; }

    /// <summary>On whose behalf the agent acts, or null.</summary>
    public string? Principal { get; internal set; }

    /// <summary>The credential that was used: what a suspension can stop. Null when not told.</summary>
    public string? CredentialId { get; internal set; }

    /// <summary>Hash or tag of prompt, tools and model, or null.</summary>
    public string? AgentVersion { get; internal set; }

    /// <summary>The approval under which a high-impact action runs, or null.</summary>
    public string? ApprovalId { get; internal set; }

    /// <summary>Who could have written what the tool returned.</summary>
    public SourceTrust ResultSource { get; internal set; }

    /// <summary>W3C trace id, hex in the producer's case, at most 32 digits; empty when not told. Slice of the record.</summary>
    public ReadOnlyMemory<byte> TraceId { get; internal set; }

    /// <summary>W3C span id, hex in the producer's case, at most 32 digits; empty when not told. Slice of the record.</summary>
    public ReadOnlyMemory<byte> SpanId { get; internal set; }

    /// <summary>W3C id of the parent span, hex in the producer's case, at most 32 digits; empty when not told. Slice of the record.</summary>
    public ReadOnlyMemory<byte> ParentSpanId { get; internal set; }

    /// <summary>Opt-in content: the arguments as raw JSON. Never stored nor logged. Slice of the record.</summary>
    public ReadOnlyMemory<byte> Arguments { get; internal set; }

    /// <summary>Opt-in content: the result as a raw JSON string. Never stored nor logged. Slice of the record.</summary>
    public ReadOnlyMemory<byte> Result { get; internal set; }

    /// <summary>Opt-in content of a request as a raw JSON string. Never stored nor logged. Slice of the record.</summary>
    public ReadOnlyMemory<byte> Content { get; internal set; }

    /// <summary>Where each argument value had occurred before, as a raw JSON array. Slice of the record.</summary>
    public ReadOnlyMemory<byte> ArgumentOrigins { get; internal set; }

    /// <summary>
    /// Datasets, files, accounts, recipients and URLs that the call touches: the first 64 that it names. Control characters and halves of
    /// surrogate pairs are replaced by U+FFFD, and each is cut off after 1024 characters.
    /// </summary>
    public ReadOnlySpan<string> Resources => _resources.AsSpan(0, _keptResources);

    /// <summary>
    /// How many resources the call named, repeats included; at least as many as <see cref="Resources"/> has, and more when some were left out.
    /// </summary>
    public int ResourceCount { get; internal set; }

    /// <summary>True when the call did not do what was asked: an error or a denial.</summary>
    public bool HasFailed => Status != CallStatus.Ok;

    /// <summary>Keeps one more resource, and counts it.</summary>
    internal void AddResource(string resource)
    {
        if (_keptResources == _resources.Length)
        {
            Array.Resize(ref _resources, _keptResources * 2);
        }

        _resources[_keptResources++] = resource;
        ResourceCount++;
    }

    /// <summary>Keeps an id whose text is not in the record as it stands.</summary>
    internal ReadOnlyMemory<byte> KeepUnescaped(ReadOnlySpan<byte> utf8)
    {
        _unescaped ??= new byte[UnescapedCapacity];
        Memory<byte> kept = _unescaped.AsMemory(_unescapedLength, utf8.Length);
        utf8.CopyTo(kept.Span);
        _unescapedLength += utf8.Length;
        return kept;
    }

    /// <summary>Forgets the previous call.</summary>
    internal void Reset()
    {
        ResourceCount = _keptResources = _unescapedLength = 0;
        IdUtf8 = TraceId = SpanId = ParentSpanId = Arguments = Result = Content = ArgumentOrigins = default;
        Time = default;
        AgentId = Tool = "";
        Kind = CallKind.ToolCall;
        Action = ToolAction.Unknown;
        Status = CallStatus.Ok;
        ResultSource = SourceTrust.Unknown;
        ToolServer = Error = SessionId = Principal = CredentialId = AgentVersion = ApprovalId = null;
        Records = RequestBytes = ResultBytes = DurationMs = Tokens = null;
    }
}
