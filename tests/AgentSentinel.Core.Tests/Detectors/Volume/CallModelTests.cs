using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors.Volume;

namespace AgentSentinel.Core.Tests.Detectors.Volume;

public sealed class CallModelTests
{
    private const int Hour = 60;
    private const int Day = 24 * Hour;

    // Begin of a full hour.
    private const long Begin = 1_065_000_000;

    private readonly VolumePeers _peers = new(CallModel.Priors);

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(59)]
    public void The_part_of_an_hour_that_a_life_begins_in_is_not_taken_for_a_whole_hour(int missed)
    {
        var model = default(CallModel);
        model.Begin(Begin + missed, _peers);
        Pass(ref model, Begin + (7 * Day) + Hour, LearningGate.Open);
        var expected = model.LastHour.Expected;
        Assert.InRange(expected, 0.9 * 5 * Hour, 1.1 * 5 * Hour);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Who_was_only_seen_while_nothing_may_be_learned_is_not_known(int missed)
    {
        var model = default(CallModel);
        model.Begin(Begin + missed, _peers);
        Pass(ref model, Begin + (3 * Day), LearningGate.Frozen);
        Assert.Equal(0, model.DaysKnown);

        // Weeks of silence are passed over.
        var silent = model.Skip(Begin + (60 * Day), LearningGate.Frozen);
        Pass(ref model, model.Next + silent, LearningGate.Frozen);
        Assert.Equal((Begin + (60 * Day), 0), (model.Next, model.DaysKnown));

        Pass(ref model, Begin + (62 * Day), LearningGate.Open);
        Assert.Equal(2, model.DaysKnown);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(Hour)]
    public void How_busy_an_agent_is_usually_is_known_after_two_days(int minutes)
    {
        var model = default(CallModel);
        model.Begin(Begin, _peers);
        Pass(ref model, Begin + (2 * Day) + (7 * Hour), LearningGate.Open, perMinute: 60);
        Assert.InRange(model.Usual(model.Next, minutes).High, 60 * minutes, 2 * 60 * minutes);
    }

    [Fact]
    public void Half_an_hour_of_twice_as_much_is_told_in_the_first_week()
    {
        var model = default(CallModel);
        model.Begin(Begin, _peers);
        Pass(ref model, Begin + (4 * Day), LearningGate.Open, perMinute: 60);
        var reading = Pass(ref model, model.Next + 30, LearningGate.Open, perMinute: 120);
        Assert.True(reading.LogReturnPeriod > 2, $"{reading}");
    }

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(1, 1, true)]
    [InlineData(2, 0, true)]
    [InlineData(0, 2, true)]
    public void One_call_alone_is_never_news_while_its_minute_is_open(int count, int before, bool isScored)
    {
        var model = default(CallModel);
        model.Begin(Begin, _peers);
        Pass(ref model, Begin + (20 * Day), LearningGate.Open, perMinute: 0);
        var reading = VolumeReading.None;
        model.Open(model.Next + 2, count, before, _peers, ref reading);
        Assert.Equal(isScored, reading.Window >= 0);
        Assert.InRange(model.ExpectedIn(model.Next + 2), 0, 0.001);
    }

    private VolumeReading Pass(ref CallModel model, long until, LearningGate gate, int perMinute = 5)
    {
        var reading = VolumeReading.None;
        while (model.Next < until)
        {
            model.Close(perMinute, gate, _peers, 1, ref reading);
        }

        return reading;
    }
}
