using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary>Labelled sessions through the detection engine, which sees no label.</summary>
internal static class SessionRun
{
    /// <summary>Runs the events through an engine with the given detectors.</summary>
    /// <returns>One outcome per session, in the order of their first events; and how many events were refused or late.</returns>
    public static (IReadOnlyList<SessionOutcome> Outcomes, int Refused) Over(
        LabelledEvents events, SessionProtocol protocol, SentinelOptions options, IReadOnlyCollection<string> detectors)
    {
        var detection = options.Detection with { FreezeAt = protocol == SessionProtocol.Frozen ? events.LiveSince : null };
        var engine = new DetectionEngine(
            detection,
            [.. StandardDetectors.Create(options.Detectors, detection.CreateFingerprintKey()).Where(d => detectors.Contains(d.Name))],
            new VolatileState());
        var decoder = new ToolCallDecoder(options.Decoder);
        var call = new ToolCall();
        var output = new DetectionOutput();
        var outcomes = new Dictionary<string, SessionOutcome>(StringComparer.Ordinal);
        var inOrder = new List<SessionOutcome>();
        var refused = 0;
        foreach (var labelled in events.Events)
        {
            output.Clear();
            if (!decoder.TryDecode(labelled.Line, DateTimeOffset.MaxValue, call, out _) || engine.Process(call, call.Time, output) != CallVerdict.Accepted)
            {
                refused++;
                continue;
            }

            if (output.Failures.Count > 0)
            {
                throw new InvalidOperationException($"The detector {output.Failures[0].Detector} failed.", output.Failures[0].Error);
            }

            if (labelled.Session is not null)
            {
                if (!outcomes.TryGetValue(labelled.Session, out var outcome))
                {
                    outcomes.Add(labelled.Session, outcome = new SessionOutcome(labelled.Session, labelled.Labels!));
                    inOrder.Add(outcome);
                }

                var (top, detector) = (output.Top, output.TopDetector);
                outcome.Add(
                    Math.Max(output.TopMargin, SessionOutcome.NoScore),
                    labelled.IsAttackCall,
                    detector < 0 ? null : engine.Detectors[detector].Name,
                    () => detector < 0 ? null : engine.Detectors[detector].Explain(top));
            }
        }

        return (inOrder, refused);
    }
}
