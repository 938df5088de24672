using AgentSentinel.Service.History;

namespace AgentSentinel.Web.Charts;

/// <summary>Mean calls of each hour of the week, over the weeks that an agent is known. Monday 00:00 UTC comes first.</summary>
internal sealed class WeekMeans
{
    /// <summary>Hours of a week.</summary>
    public const int Hours = 168;

    /// <summary>How far back it looks.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromDays(28);

    private readonly double[] _means = new double[Hours];

    /// <summary>The means.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>Which hour of the week a moment lies in.</summary>
    public static int HourOf(DateTimeOffset time) => (((int)time.UtcDateTime.DayOfWeek + 6) % 7 * 24) + time.UtcDateTime.Hour;

    /// <summary>Out of points of an hour each; hours without a point had no calls.</summary>
    /// <param name="hours">The points, in order.</param>
    /// <param name="before">End of the time that is looked at.</param>
    public static WeekMeans Of(IReadOnlyList<SeriesPoint> hours, DateTimeOffset before)
    {
        var (result, times) = (new WeekMeans(), new int[Hours]);
        if (hours.Count == 0)
        {
            return result;
        }

        for (var at = hours[0].Start; at < before; at += TimeSpan.FromHours(1))
        {
            times[HourOf(at)]++;
        }

        foreach (var point in hours)
        {
            result._means[HourOf(point.Start)] += point.Calls;
        }

        for (var i = 0; i < Hours; i++)
        {
            result._means[i] /= Math.Max(1, times[i]);
        }

        return result;
    }

    /// <summary>Calls that are usual from a moment on.</summary>
    public double Sum(DateTimeOffset from, TimeSpan length)
    {
        var sum = 0.0;
        for (var passed = TimeSpan.Zero; passed < length; passed += TimeSpan.FromMinutes(15))
        {
            sum += _means[HourOf(from + passed)] / 4;
        }

        return sum;
    }
}
