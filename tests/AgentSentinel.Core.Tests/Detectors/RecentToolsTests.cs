using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors;

public sealed class RecentToolsTests
{
    private const int Places = 9;

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void It_counts_as_a_list_of_the_last_calls_does(int seed)
    {
        var random = new Random(seed);
        var recent = default(RecentTools);
        List<int> list = [];
        var (counts, repeats) = (new byte[Places], new byte[Places]);
        for (var i = 0; i < 200; i++)
        {
            var place = random.Next(random.Next(1, Places + 1));
            recent.Add(place);
            list.Add(place);
            Assert.Equal(list.Count >= 24, recent.Reaches(24));
            Assert.Equal(list.Count >= RecentTools.Length, recent.Reaches(RecentTools.Length));
            for (var p = 0; p < Places; p++)
            {
                Assert.Equal(list.TakeLast(RecentTools.Length).Contains(p), recent.Has(p));
            }

            foreach (var length in ((int[])[1, 15, 24, 33, RecentTools.Length]).Where(recent.Reaches))
            {
                var last = list.TakeLast(length + 1).ToArray();
                recent.Count(counts, length);
                Assert.Equal(Enumerable.Range(0, Places).Select(p => last[^length..].Count(x => x == p)), counts.Select(c => (int)c));
                if (length == 24 && last.Length > length)
                {
                    recent.CountRepeats(repeats, length);
                    Assert.Equal(Enumerable.Range(0, Places).Select(p => Enumerable.Range(1, length).Count(k => last[k] == p && last[k - 1] == p)), repeats.Select(c => (int)c));
                }
            }
        }
    }

    [Fact]
    public void What_was_saved_is_loaded_and_what_cannot_be_is_refused()
    {
        var recent = default(RecentTools);
        for (var i = 0; i < 30; i++)
        {
            recent.Add(i % Places);
        }

        var writer = new MemoryWriter();
        recent.Save(writer);
        var reader = new MemoryReader(writer.Written);
        var loaded = RecentTools.Load(ref reader, Places);
        Assert.Equal(recent, loaded);

        writer.Clear();
        writer.WriteUInt64(0xF);
        writer.WriteUInt64(0);
        writer.WriteUInt64(0);
        Assert.Throws<MemoryFormatException>(() => Load(writer.Written.ToArray()));

        writer.Clear();
        writer.WriteUInt64(0x101);
        writer.WriteUInt64(0);
        writer.WriteUInt64(0);
        Assert.Throws<MemoryFormatException>(() => Load(writer.Written.ToArray()));
    }

    private static RecentTools Load(byte[] bytes)
    {
        var reader = new MemoryReader(bytes);
        return RecentTools.Load(ref reader, Places);
    }
}
