using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Tests.Windowing;

public sealed class RecentIdsTests
{
    [Fact]
    public void It_answers_as_a_plain_set_does_while_it_grows()
    {
        var random = new Random(2);
        var ids = new RecentIds();
        var expected = new HashSet<ulong>();
        while (ids.Count < RecentIds.Limit)
        {
            // Low bits that repeat make the slots collide.
            var id = ((ulong)random.NextInt64() << 16) | (uint)random.Next(1, 4);
            Assert.Equal(expected.Contains(id), ids.Contains(id));
            if (expected.Add(id))
            {
                ids.Add(id);
            }
        }

        Assert.All(expected, id => Assert.True(ids.Contains(id)));
        Assert.Equal(expected, ids.InOrder.ToArray());
    }

    [Fact]
    public void Zero_is_an_id_like_any_other()
    {
        var ids = new RecentIds();
        Assert.False(ids.Contains(0));
        ids.Add(0);
        Assert.True(ids.Contains(0));
        Assert.False(ids.Contains(2));
        Assert.Equal(1, ids.Count);
    }

    [Fact]
    public void Over_the_limit_the_oldest_half_is_forgotten()
    {
        var ids = new RecentIds();
        for (var id = 1UL; id <= RecentIds.Limit + 1; id++)
        {
            ids.Add(id);
        }

        Assert.Equal((RecentIds.Limit / 2) + 1, ids.Count);
        Assert.False(ids.Contains(RecentIds.Limit / 2));
        Assert.True(ids.Contains((RecentIds.Limit / 2) + 1));
        Assert.True(ids.Contains(RecentIds.Limit + 1));
    }

    [Fact]
    public void It_never_holds_more_than_its_limit_and_always_the_newest_half_of_it()
    {
        var ids = new RecentIds();
        for (var id = 1UL; id <= 5 * RecentIds.Limit; id++)
        {
            ids.Add(id * 0x9E37_79B9_7F4A_7C15);
            Assert.InRange(ids.Count, 1, RecentIds.Limit);
            Assert.True(ids.Contains(Math.Max(1, id > RecentIds.Limit / 2 ? id - (RecentIds.Limit / 2) + 1 : 1) * 0x9E37_79B9_7F4A_7C15));
        }
    }

    [Fact]
    public void A_cleared_set_is_empty_and_can_be_used_again()
    {
        var ids = new RecentIds();
        for (var id = 1UL; id <= 100; id++)
        {
            ids.Add(id);
        }

        ids.Clear();
        Assert.Equal(0, ids.Count);
        Assert.False(ids.Contains(50));
        ids.Add(50);
        Assert.Equal([50UL], ids.InOrder.ToArray());
    }

    [Fact]
    public void A_set_that_was_large_forgets_the_few_that_came_later()
    {
        var random = new Random(3);
        var ids = new RecentIds();
        for (var id = 1UL; id <= 200; id++)
        {
            ids.Add(id);
        }

        ids.Clear();
        for (var minute = 0; minute < 2_000; minute++)
        {
            // Low bits that repeat make the slots collide; some minutes have many.
            var few = Enumerable.Range(0, random.Next(1, random.Next(10) == 0 ? 120 : 12)).Select(_ => ((ulong)random.NextInt64() << 16) | (uint)random.Next(1, 4)).Distinct().ToArray();
            Array.ForEach(few, ids.Add);
            Assert.All(few, id => Assert.True(ids.Contains(id)));
            ids.Clear();
            Assert.Equal(0, ids.Count);
            random.Shuffle(few);
            foreach (var id in few)
            {
                Assert.False(ids.Contains(id));
                ids.Add(id);
            }

            ids.Clear();
        }
    }
}
