using System.Globalization;
using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Fleets;
using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Sessions;

/// <summary>
/// Writes the events of one session: first the request, then calls in the agent's tool order, or calls that an incident asks for.
/// Owned by the generator that opened it; the random source is shared with the generator's other sessions.
/// </summary>
internal sealed class Session
{
    // After a failure agents mostly try the same thing again.
    private const double RetryShare = 0.6;
    private const double BytesSigma = 0.35;
    private const double DurationSigma = 0.55;
    private const double TokensSigma = 0.5;
    private const double RequestSigma = 0.6;
    private const double FailureBytes = 160;

    private static readonly string[] Errors = ["timeout", "rate_limited", "not_found", "upstream_unavailable", "invalid_argument"];
    private static readonly WeightedChoice ErrorChoice = new([5, 3, 4, 2, 2]);

    private readonly SimulatedAgent _agent;
    private readonly Timeline _timeline;
    private readonly SeededRandom _random;
    private readonly string _sessionId;
    private readonly string _traceId;
    private readonly ulong _rootSpan;
    private int _tool = -1;
    private int _dataset = -1;
    private bool _hasFailed;
    private bool _holdsSensitive;

    public Session(SimulatedAgent agent, Timeline timeline, SeededRandom random)
    {
        _agent = agent;
        _timeline = timeline;
        _random = random;
        _sessionId = string.Create(CultureInfo.InvariantCulture, $"s-{random.NextBits():x16}");
        _traceId = string.Create(CultureInfo.InvariantCulture, $"{random.NextBits():x16}{random.NextBits() | 1:x16}");
        _rootSpan = random.NextBits() | 1;
    }

    // An agent that saw sensitive data keeps it to itself for the rest of the session, unless it is there to pass it on.
    private bool MayPassOn => !_holdsSensitive || _agent.Design.MixesData;

    /// <summary>The request that opens the session.</summary>
    public SimulatedCall Request(long ms) => Blank(ms) with
    {
        SpanId = _rootSpan,
        RequestBytes = Whole(_random.LogNormal(700, RequestSigma)),
        Tokens = Whole(_random.LogNormal(_agent.Design.Tokens, TokensSigma)),
    };

    /// <summary>The next call of the agent's ordinary work.</summary>
    public SimulatedCall Next(long ms)
    {
        if (!_hasFailed || !_random.Chance(RetryShare))
        {
            ToolOrder order = _agent.Design.DeploymentAt(ms).ToolOrder;
            _tool = _tool < 0 ? order.First(_random) : order.Next(_tool, _random);
        }

        SimulatedTool tool = _agent.Tools[_tool];
        SimulatedCall call = Use(ms, MayPassOn || tool.Action is not (ToolAction.Write or ToolAction.Send) ? tool : _agent.Design.ReadingTool);
        _hasFailed = call.Status != CallStatus.Ok;
        return call;
    }

    /// <summary>One call of a given tool on resources that the agent ordinarily uses.</summary>
    public SimulatedCall Use(long ms, SimulatedTool tool) => Call(ms, tool, Resources(tool, ms));

    /// <summary>One call of a given tool on given resources, with the agent's usual sizes and failures.</summary>
    public SimulatedCall Call(long ms, SimulatedTool tool, IReadOnlyList<string> resources)
    {
        AgentDesign design = _agent.Design;
        double fate = _random.Uniform();
        CallStatus status = fate < _agent.ErrorRate ? CallStatus.Error
            : fate < _agent.ErrorRate + _agent.DenialRate ? CallStatus.Denied
            : CallStatus.Ok;
        double? records = tool.Records is not double median ? null
            : tool.Action == ToolAction.Read && median > 1
                ? Math.Max(0, Math.Round(_random.LogNormal(median * design.DeploymentAt(ms).SizeFactor, design.SizeSigma)))
                : median;
        double bytes = _random.LogNormal(tool.ResultBytes, BytesSigma) * (records is double some && tool.Action == ToolAction.Read ? Math.Max(some, 0.2) : 1);
        SimulatedCall call = Blank(ms) with
        {
            SpanId = _random.NextBits() | 1,
            ParentSpanId = _rootSpan,
            Tool = tool,
            Resources = resources,
            Records = (long?)records,
            RequestBytes = Whole(_random.LogNormal(tool.RequestBytes, RequestSigma)),
            ResultBytes = Whole(bytes),
            DurationMs = Whole(_random.LogNormal(tool.DurationMs, DurationSigma)),
            Tokens = Whole(_random.LogNormal(design.Tokens, TokensSigma)),
        };
        return status == CallStatus.Ok ? call : Failed(call, status);
    }

    /// <summary>The same once more: tool, resources and input.</summary>
    public SimulatedCall Again(long ms, in SimulatedCall call) => Call(ms, call.Tool!, call.Resources) with
    {
        RequestBytes = call.RequestBytes,
        RepeatedSpanId = call.RepeatedSpanId == 0 ? call.SpanId : call.RepeatedSpanId,
    };

    /// <summary>The call as it looks when it failed.</summary>
    public SimulatedCall Failed(in SimulatedCall call, CallStatus status) => call with
    {
        Status = status,
        Error = status == CallStatus.Denied ? "permission_denied" : Errors[ErrorChoice.Draw(_random)],
        Records = call.Records is null ? null : 0,
        ResultBytes = Whole(_random.LogNormal(FailureBytes, BytesSigma)),
    };

    /// <summary>The call with more data in it; a failed call stays as it is.</summary>
    public static SimulatedCall Enlarged(in SimulatedCall call, double factor) => call.Status != CallStatus.Ok ? call : call with
    {
        Records = (long?)(call.Records * factor),
        ResultBytes = (long?)(call.ResultBytes * factor),
    };

    private IReadOnlyList<string> Resources(SimulatedTool tool, long ms)
    {
        AgentDesign design = _agent.Design;
        if (tool.Target == ToolTarget.None)
        {
            return [];
        }

        if (tool.Target == ToolTarget.Recipient)
        {
            return design.Recipients.Only(design.Recipients.DrawRank(ms, _random));
        }

        if (_dataset < 0 || !_random.Chance(design.DatasetLoyalty))
        {
            _dataset = design.Datasets.DrawRank(ms, _random);
        }

        _holdsSensitive |= design.Datasets.IsSensitive(_dataset);

        if (_random.Chance(design.JoinShare))
        {
            int other = design.Datasets.DrawRank(ms, _random);
            if (other != _dataset)
            {
                _holdsSensitive |= design.Datasets.IsSensitive(other);
                return [design.Datasets.Only(_dataset)[0], design.Datasets.Only(other)[0]];
            }
        }

        return design.Datasets.Only(_dataset);
    }

    private SimulatedCall Blank(long ms) => new()
    {
        Agent = _agent,
        Sequence = 0,
        Time = _timeline.At(ms),
        Resources = [],
        SessionId = _sessionId,
        TraceId = _traceId,
        SpanId = 0,
        Principal = _agent.Principal,
        CredentialId = _agent.CredentialId,
        AgentVersion = _agent.Design.DeploymentAt(ms).Version,
    };

    private static long Whole(double value) => Math.Max(1, (long)value);
}
