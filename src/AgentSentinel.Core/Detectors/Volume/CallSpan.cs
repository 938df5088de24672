namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>A minute of a <see cref="CallModel"/> that was just closed: what amounts are held against.</summary>
/// <param name="Minute">The minute.</param>
/// <param name="Calls">Calls in it.</param>
/// <param name="One">Calls expected in the minute.</param>
/// <param name="Five">Calls expected in the five minutes that end with it.</param>
/// <param name="Penalty">Decades to be taken off return periods.</param>
internal readonly record struct CallSpan(long Minute, double Calls, double One, double Five, double Penalty)
{
    /// <summary>Calls expected in the hour that ends with the minute; told at the end of an hour, and of a bin with calls.</summary>
    public double Hour { get; init; }

    /// <summary>What a batch just outside of that hour may bring into it; told at the end of a bin with calls.</summary>
    public double HourEdges { get; init; }

    /// <summary>Calls expected in the six hours that end with the minute; told at the end of a half hour with calls.</summary>
    public double SixHours { get; init; }

    /// <summary>What a batch just outside of them may bring into them; told at the end of a half hour with calls.</summary>
    public double SixHoursEdges { get; init; }
}
