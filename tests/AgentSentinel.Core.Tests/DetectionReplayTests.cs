using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Tests.Detection;

namespace AgentSentinel.Core.Tests;

public sealed class DetectionReplayTests
{
    private const int Length = 12_000;

    private static readonly Comparer<WindowValue> ByText = Comparer<WindowValue>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(35)]
    public void Restarts_from_older_checkpoints_change_neither_the_journal_nor_the_memory(int seed)
    {
        var inputs = SomeStream.Draw(seed, Length);
        var straight = new DetectionRun();
        inputs.ForEach(straight.Feed);
        straight.Save();

        var stopped = Stopped(inputs, new Random(seed + 1000));
        Assert.NotEqual(0, stopped.Repeats);
        Assert.InRange(straight.Journal.Count(), 20, Length);
        Assert.Equal(straight.Journal, stopped.Journal);
        Assert.Equal(Some.Show(straight.State), Some.Show(stopped.State));
        Assert.Equal(straight.Windows.Order(ByText), stopped.Windows.Order(ByText));
        Assert.NotEmpty(straight.Windows);
    }

    private static DetectionRun Stopped(List<DetectionRun.Input> inputs, Random random)
    {
        var run = new DetectionRun();
        var checkpoints = new List<(int Offset, VolatileState State)> { (0, new VolatileState()) };
        for (var offset = 0; offset < inputs.Count; offset++)
        {
            run.Feed(inputs[offset]);
            if (random.Next(150) == 0)
            {
                run.Save();
                checkpoints.Add((offset + 1, Some.Copy(run.State)));
            }

            if (random.Next(400) == 0)
            {
                // Some crashes lose more than the last checkpoint: what came after is fed again.
                var (next, state) = checkpoints[^random.Next(1, Math.Min(checkpoints.Count, 3) + 1)];
                run.RestartFrom(state);
                checkpoints.RemoveAll(checkpoint => checkpoint.Offset > next);
                offset = next - 1;
            }
        }

        run.Save();
        return run;
    }
}
