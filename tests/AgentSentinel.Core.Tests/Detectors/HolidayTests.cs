using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>On a holiday an agent is expected to work as at the weekend.</summary>
public sealed class HolidayTests
{
    private const int Weeks = 4;

    // Wednesday of the last week.
    private static readonly DateTimeOffset Holiday = Some.Monday.AddDays((7 * (Weeks - 1)) + 2);

    [Fact]
    public void Office_hours_on_a_holiday_are_as_odd_as_at_the_weekend()
    {
        Assert.Contains(Found(new WorkCalendar([(Holiday, Holiday.AddDays(1))], [])), anomaly => anomaly.Time >= Holiday && anomaly.Time < Holiday.AddDays(1));
    }

    [Fact]
    public void Office_hours_on_any_other_day_are_not()
    {
        Assert.DoesNotContain(Found(WorkCalendar.Empty), anomaly => anomaly.Time >= Holiday && anomaly.Time < Holiday.AddDays(1));
    }

    private static List<Anomaly> Found(WorkCalendar calendar)
    {
        var engine = new DetectionEngine(
            new DetectionOptions(), StandardDetectors.Create(new DetectorsOptions(), Some.Key, calendar: calendar), new VolatileState(), calendar: calendar);
        var random = new Random(7);
        var output = new DetectionOutput();
        for (var day = 0; day < 7 * Weeks; day++)
        {
            if (day % 7 >= 5)
            {
                continue;
            }

            // Nine to five, some thirty calls an hour.
            for (var at = Some.Monday.AddDays(day).AddHours(9); at < Some.Monday.AddDays(day).AddHours(17); at += TimeSpan.FromSeconds(240 * random.NextDouble()))
            {
                engine.Process(Some.ToolCall(at, id: $"c{at.UtcTicks}"), at, output);
            }
        }

        return [.. output.Anomalies.Where(anomaly => anomaly.Evidence.Detector == "volume")];
    }
}
