using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detection;

/// <summary>
/// What one detector has learned of one agent. Owned by that agent's profile, used by one thread.
/// </summary>
/// <remarks>
/// The contract, checked for every registered detector: scoring changes nothing; findings are finite; saving and loading
/// gives a baseline that answers alike; gaps of any length, unseen values and hostile texts are survived; memory is bounded.
/// A detector overrides the pair it needs. Nothing here may allocate on the usual path.
/// </remarks>
public abstract class Baseline
{
    /// <summary>Scores a call against what is known, before it is learned.</summary>
    /// <param name="call">The call.</param>
    /// <param name="window">The agent's open window with this call already counted: its counts can only grow until it closes.</param>
    public virtual Finding Score(ToolCall call, AgentWindow window) => Finding.None;

    /// <summary>Learns from a call that was just scored.</summary>
    /// <param name="call">The call.</param>
    /// <param name="gate">How much may be learned.</param>
    public virtual void Learn(ToolCall call, LearningGate gate)
    {
    }

    /// <summary>Scores a closed window that has at least one event. Windows come in order of time; those without events are never shown.</summary>
    public virtual Finding Score(AgentWindow window) => Finding.None;

    /// <summary>Learns from a closed window, and from the silence since the previous one.</summary>
    /// <param name="window">The window that was just scored.</param>
    /// <param name="gate">How much may be learned.</param>
    public virtual void Learn(AgentWindow window, LearningGate gate)
    {
    }

    /// <summary>A person found harmless what was found about the agent: what was held back because of it is accepted. Most detectors hold nothing back.</summary>
    /// <param name="since">Event time of the first of it.</param>
    public virtual void Accept(DateTimeOffset since)
    {
    }

    /// <summary>
    /// How many calls are usual in a minute like this one, for charts; null when this detector does not know or the baseline is still
    /// warming up. Asked before the closed window is scored and learned, and only while somebody draws charts: it may change nothing.
    /// </summary>
    /// <param name="window">A closed window.</param>
    public virtual ExpectedRange? ExpectedCalls(AgentWindow window) => null;

    /// <summary>
    /// What stands behind a finding, for people. Asked only when the finding becomes an anomaly, directly after the
    /// <c>Score</c> that returned it and before anything is learned from it. May allocate.
    /// </summary>
    public virtual EvidenceDetail Detail(in Finding finding) => EvidenceDetail.None;

    /// <summary>Saves everything that scoring depends on.</summary>
    public abstract void Save(MemoryWriter writer);

    /// <summary>Loads what <see cref="Save"/> wrote into a fresh baseline.</summary>
    public abstract void Load(ref MemoryReader reader);
}
