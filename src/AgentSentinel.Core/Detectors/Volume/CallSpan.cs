namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>A minute of a <see cref="CallModel"/> that was just closed: what amounts are held against.</summary>
/// <param name="Minute">The minute.</param>
/// <param name="Calls">Calls in it.</param>
/// <param name="One">Calls expected in the minute.</param>
/// <param name="Five">Calls expected in the five minutes that end with it.</param>
/// <param name="Penalty">Decades to be taken off return periods.</param>
internal readonly record struct CallSpan(long Minute, double Calls, double One, double Five, double Penalty)
{
    private const int BinMinutes = CallForecast.BinMinutes;
    private const int BinsOfHour = 60 / BinMinutes;

    /// <summary>Calls expected in the hour that ends with the minute; told at the end of an hour, and of a bin with calls.</summary>
    public double Hour { get; private init; }

    /// <summary>What a batch just outside of that hour may bring into it; told at the end of a bin with calls.</summary>
    public double HourEdges { get; private init; }

    /// <summary>Calls expected in the six hours that end with the minute; told at the end of a half hour with calls.</summary>
    public double SixHours { get; private init; }

    /// <summary>What a batch just outside of them may bring into them; told at the end of a half hour with calls.</summary>
    public double SixHoursEdges { get; private init; }

    /// <summary>Of the minute that was closed last.</summary>
    /// <param name="next">The minute after it.</param>
    /// <param name="calls">Calls in it.</param>
    /// <param name="expected">Calls expected in it, and in the five minutes that end with it.</param>
    /// <param name="penalty">See <see cref="Penalty"/>.</param>
    /// <param name="forecast">The forecast.</param>
    /// <param name="hour">The last bins.</param>
    /// <param name="sixHours">The last half hours.</param>
    public static CallSpan Of(
        long next, double calls, (double One, double Five) expected, double penalty, in CallForecast forecast, in TrailingWindow hour, in TrailingWindow sixHours)
    {
        var span = new CallSpan(next - 1, calls, expected.One, expected.Five, penalty);
        if (next % BinMinutes != 0)
        {
            return span;
        }

        // Amounts come with calls: of a bin or a half hour without any nothing is held against these, but that an hour ends.
        var bin = next / BinMinutes;
        var (inBin, inHalf) = (hour.Part(bin - 1).Count > 0, next % 30 == 0 && sixHours.Part(next / 30).Count > 0);
        var mean = inBin || next % 60 == 0 ? hour.Mean : 0;
        var longMean = inHalf ? sixHours.Mean : 0;
        return span with
        {
            Hour = mean,
            HourEdges = inBin ? forecast.Edges(bin, BinsOfHour, mean / BinsOfHour) : 0,
            SixHours = longMean,
            SixHoursEdges = inHalf ? forecast.Edges(bin, 6 * BinsOfHour, longMean / (6 * BinsOfHour)) : 0,
        };
    }
}
