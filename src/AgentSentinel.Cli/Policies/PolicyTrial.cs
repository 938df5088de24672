using System.Globalization;
using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Policy;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;

namespace AgentSentinel.Cli.Policies;

/// <summary>
/// A policy tried on recorded telemetry: both engines of the service, a journal and a receiver that take no time, automatic mode everywhere.
/// A call of a suspended agent would not have happened: it is counted, and what it would have been found to be does not count.
/// </summary>
internal sealed class PolicyTrial
{
    private readonly DetectionEngine _detection;
    private readonly ResponseEngine _response;
    private readonly ToolCallDecoder _decoder;
    private readonly double[] _logThresholds;
    private readonly ToolCall _call = new();
    private readonly DetectionOutput _found = new();
    private readonly ResponseOutput _done = new();
    private readonly VolatileState _memory = new();
    private readonly DateTimeOffset _receivedAt;
    private readonly Dictionary<string, TrialSuspension> _suspensions = new(StringComparer.Ordinal);
    private readonly List<PolicyDecision> _proposals = [];
    private DateTimeOffset _clock;

    /// <param name="options">Options of the engines.</param>
    /// <param name="receivedAt">When the recording was read.</param>
    public PolicyTrial(SentinelOptions options, DateTimeOffset receivedAt)
    {
        _receivedAt = receivedAt;
        _decoder = new ToolCallDecoder(options.Decoder);
        var declared = DeclarationSet.Read(options.Declarations);
        var detectors = LineDetectors.Create(options, declared);
        _logThresholds = [.. detectors.Select(d => Math.Log10(options.Detection.ThresholdDays(d.BudgetShare)))];
        _detection = new DetectionEngine(options.Detection, detectors, _memory, declared.Registry, declared.Calendar);
        var response = options.Response with { Suspension = options.Response.Suspension with { Mode = SuspensionMode.Automatic } };
        Policy = (declared.Policy ?? ResponsePolicy.BuiltIn(response.Suspension.SuspendAt)) with { Mode = SuspensionMode.Automatic, Modes = [] };
        _response = new ResponseEngine(response, new VolatileState(), declared.Registry, Policy);
    }

    public ResponsePolicy Policy { get; }

    /// <summary>Suspensions in the order in which they would have been ordered.</summary>
    public IEnumerable<TrialSuspension> Suspensions => _suspensions.Values.OrderBy(s => s.Order.Time);

    /// <summary>What would have been proposed to people instead.</summary>
    public IReadOnlyList<PolicyDecision> Proposals => _proposals;

    public long GoodCalls { get; private set; }

    public long BadCalls { get; private set; }

    /// <summary>Calls without a label: good when nothing is found in them.</summary>
    public long Unlabelled { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Event time at which the recording ends.</summary>
    public DateTimeOffset End => _detection.NewestTime;

    /// <summary>Takes one line.</summary>
    public void Take(ReadOnlyMemory<byte> line)
    {
        if (!_decoder.TryDecode(line, _receivedAt, _call, out _))
        {
            Refused++;
            return;
        }

        Advance(_call.Time);
        var forbidding = _response.Forbidding(_call.AgentId, _call.SessionId, _call.CredentialId);
        if (_detection.Process(_call, _call.Time, _found) == CallVerdict.Accepted && _call.Kind == CallKind.ToolCall)
        {
            Count(CallLabel.IsBad(line.Span), forbidding is null ? null : _suspensions.GetValueOrDefault(forbidding.Id));
        }

        if (forbidding is not null)
        {
            var id = _call.Id;
            _found.Anomalies.RemoveAll(a => a.AgentId == _call.AgentId && a.CallId == id);
        }

        Respond();
        if (_detection.ChangedProfiles > 20_000)
        {
            _detection.Save(_memory);
        }
    }

    /// <summary>The recording is over.</summary>
    public void Finish()
    {
        if (End > DateTimeOffset.MinValue)
        {
            _detection.Advance(End + (End - _detection.Watermark) + AgentWindow.Length, _found);
            Respond();
        }
    }

    private void Count(bool? isBad, TrialSuspension? suspension)
    {
        var isAnomalous = _found.TopDetector >= 0 && _found.Top.LogReturnPeriod >= _logThresholds[_found.TopDetector];
        GoodCalls += isBad == false ? 1 : 0;
        BadCalls += isBad == true ? 1 : 0;
        Unlabelled += isBad is null ? 1 : 0;
        if (suspension is not null)
        {
            suspension.BadStopped += isBad ?? isAnomalous ? 1 : 0;
            suspension.GoodLost += isBad ?? isAnomalous ? 0 : 1;
        }
    }

    private void Advance(DateTimeOffset time)
    {
        _clock = time > _clock ? time : _clock;
        _response.Advance(_clock, _done);
        Deliver();
    }

    private void Respond()
    {
        foreach (var anomaly in _found.Anomalies)
        {
            _clock = anomaly.Time > _clock ? anomaly.Time : _clock;
            _response.Process(new AnomalyFound(anomaly, _clock), _done);
            Deliver();
        }

        if (_found.Census is { } census)
        {
            _response.Process(new FleetReport(0, census, _clock), _done);
        }

        _found.Clear();
    }

    /// <summary>What is ordered is in effect at once.</summary>
    private void Deliver()
    {
        while (_done.Orders.Count > 0)
        {
            SuspensionOrder[] orders = [.. _done.Orders];
            _proposals.AddRange(_done.Decisions.Where(d => d.Objection is not null));
            _done.Clear();
            foreach (var order in orders)
            {
                if (order.Action == SuspensionAction.Suspend)
                {
                    _suspensions.Add(order.SuspensionId, new TrialSuspension(order));
                }
                else if (_suspensions.TryGetValue(order.SuspensionId, out var suspension))
                {
                    suspension.LiftedAt = order.Time;
                }

                var id = string.Create(CultureInfo.InvariantCulture, $"{order.MessageId}/verified");
                _response.Process(
                    new DeliveryReport(id, _clock, order.MessageId, order.SuspensionId, DeliveryOutcome.Delivered, 1, "trial") { Verification = VerificationOutcome.Verified },
                    _done);
            }
        }

        _proposals.AddRange(_done.Decisions.Where(d => d.Objection is not null));
        _done.Clear();
    }
}
