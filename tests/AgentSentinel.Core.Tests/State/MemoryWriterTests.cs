using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.State;

public sealed class MemoryWriterTests
{
    [Fact]
    public void Cleared_it_starts_again_in_the_same_buffer_and_allocates_nothing()
    {
        var writer = new MemoryWriter(16);
        byte[] large = new byte[10_000];
        writer.WriteSpan(large);
        writer.Clear();
        Assert.Equal(0, writer.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
        {
            writer.Clear();
            writer.WriteSpan(large);
            writer.Clear();
            writer.WriteString("again and again");
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(16, writer.Written.Length);
    }

    [Fact]
    public void It_grows_past_any_capacity_and_keeps_what_it_has()
    {
        var writer = new MemoryWriter(16);
        for (int i = 0; i < 10_000; i++)
        {
            writer.WriteVariable((ulong)i);
        }

        var reader = new MemoryReader(writer.Written);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Equal((ulong)i, reader.ReadVariable());
        }

        reader.ExpectEnd();
    }

    [Fact]
    public void A_buffer_too_small_to_begin_with_is_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryWriter(8));
}
