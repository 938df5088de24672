namespace AgentSentinel.Core.Tests;

public sealed class HeldTests
{
    [Fact]
    public void An_array_is_as_large_as_its_elements() => Assert.InRange(Held.Bytes(new byte[100_000]), 100_000, 100_032);

    [Fact]
    public void It_is_what_making_it_allocates()
    {
        // What the first call makes for good is not the object's.
        Make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var made = Make();
        Assert.Equal(GC.GetAllocatedBytesForCurrentThread() - before, Held.Bytes(made));

        static object Make() => new object[] { new string('x', 31), new int[7], new Tuple<object, long>(new byte[3], 1), 5, new DateTimeOffset[2], new List<Guid>(9) };
    }

    [Fact]
    public void What_is_reached_twice_counts_once()
    {
        var shared = new byte[10_000];
        Assert.InRange(Held.Bytes(new[] { shared, shared }), 10_000, 10_100);
    }

    [Fact]
    public void What_is_reached_through_structures_bases_and_rings_counts()
    {
        var ring = new Ring { Bytes = new byte[1_000] };
        ring.Next = new Derived { Next = ring, Bytes = new byte[2_000], More = (1, new byte[4_000]) };
        var holder = new Dictionary<string, Ring> { ["a"] = ring };
        Assert.InRange(Held.Bytes(holder), 7_000, 7_600);
    }

    [Fact]
    public void A_text_counts_its_letters() => Assert.Equal(24 + 24 + 2_000, Held.Bytes(new Tuple<string>(new string('x', 1_000))));

    [Fact]
    public void What_is_left_out_counts_only_when_something_else_holds_it_too()
    {
        var (shared, alone) = (new byte[1_000], new byte[2_000]);
        Assert.InRange(Held.Bytes(new object[] { shared, new Tuple<byte[], byte[]>(shared, alone) }, without: typeof(Tuple<,>)), 1_000, 1_100);
    }

    private class Ring
    {
        public byte[] Bytes { get; init; } = [];

        public Ring? Next { get; set; }
    }

    private sealed class Derived : Ring
    {
        public (int Number, byte[] Bytes) More { get; init; }
    }
}
