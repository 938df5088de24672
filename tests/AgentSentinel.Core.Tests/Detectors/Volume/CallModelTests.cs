using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors.Volume;

namespace AgentSentinel.Core.Tests.Detectors.Volume;

public sealed class CallModelTests
{
    private const int Hour = 60;
    private const int Week = 7 * 24 * Hour;

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
        var reading = VolumeReading.None;
        while (model.Next < Begin + Week + Hour)
        {
            model.Close(5, LearningGate.Open, _peers, 1, ref reading);
        }

        var expected = model.LastHour.Expected;
        Assert.InRange(expected, 0.9 * 5 * Hour, 1.1 * 5 * Hour);
    }
}
