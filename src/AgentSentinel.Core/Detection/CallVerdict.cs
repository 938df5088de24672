namespace AgentSentinel.Core.Detection;

/// <summary>What became of a call.</summary>
public enum CallVerdict
{
    /// <summary>Counted, scored and (gate permitting) learned.</summary>
    Accepted,

    /// <summary>Older than the watermark: counted as late, not scored, not learned.</summary>
    Late,

    /// <summary>A call with this id is already counted: dropped.</summary>
    Duplicate,
}
