namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>A minute of a <see cref="CallModel"/> that was just closed: what amounts are held against.</summary>
/// <param name="Minute">The minute.</param>
/// <param name="Calls">Calls in it.</param>
/// <param name="One">Calls expected in the minute.</param>
/// <param name="Five">Calls expected in the five minutes that end with it.</param>
/// <param name="Hour">Calls expected in the hour that ends with the last bin.</param>
/// <param name="HourEdges">What a batch just outside of that hour may bring into it; at the end of a bin only.</param>
/// <param name="SixHours">Calls expected in the six hours that end with the last half hour.</param>
/// <param name="SixHoursEdges">What a batch just outside of them may bring into them; at the end of a bin only.</param>
/// <param name="Penalty">Decades to be taken off return periods.</param>
internal readonly record struct CallSpan(
    long Minute, double Calls, double One, double Five, double Hour, double HourEdges, double SixHours, double SixHoursEdges, double Penalty);
