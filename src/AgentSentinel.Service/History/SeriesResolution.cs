namespace AgentSentinel.Service.History;

/// <summary>How many minutes a point gathers.</summary>
public enum SeriesResolution
{
    /// <summary>One minute.</summary>
    Minute = 1,

    /// <summary>Five minutes.</summary>
    FiveMinutes = 5,

    /// <summary>An hour.</summary>
    Hour = 60,
}
