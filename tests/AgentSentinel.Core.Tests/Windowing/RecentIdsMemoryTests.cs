using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Tests.Windowing;

public sealed class RecentIdsMemoryTests
{
    [Fact]
    public void A_busy_minute_does_not_keep_its_memory_for_ever()
    {
        var sets = Enumerable.Range(0, 100).Select(_ => new RecentIds()).ToArray();
        foreach (var ids in sets)
        {
            for (var id = 1UL; id <= RecentIds.Limit; id++)
            {
                ids.Add(id);
            }

            ids.Clear();
        }

        var bytesEach = Held.Bytes(sets) / sets.Length;
        Assert.True(bytesEach <= 8 * 1024, $"{bytesEach} bytes each");
    }
}
