using System.Runtime.InteropServices;
using AgentSentinel.Service.Kafka;

namespace AgentSentinel.Service.Tests.Kafka;

public sealed class RecordBatchTests
{
    [Fact]
    public void A_second_return_throws()
    {
        var batch = NewPool(4).Rent(0, 1, 0);
        batch.Return();

        Assert.Throws<InvalidOperationException>(batch.Return);
    }

    [Fact]
    public void A_batch_comes_back_empty()
    {
        var pool = NewPool(4);
        var batch = pool.Rent(3, 1, 0);
        Add(batch, 3);
        batch.IsCaughtUp = true;
        batch.Return();

        var again = pool.Rent(4, 2, 11);

        Assert.Same(batch, again);
        Assert.Equal((4, 2, 0, 11L, false), (again.Partition, again.Epoch, again.Count, again.NextOffset, again.IsCaughtUp));
        Assert.Throws<ArgumentOutOfRangeException>(() => again.Value(0));
    }

    [Fact]
    public void A_giant_record_does_not_stay_in_the_pool()
    {
        var pool = NewPool(4);
        var batch = pool.Rent(0, 1, 0);
        Add(batch, 5000);
        Assert.Equal(5000, batch.Value(0).Length);
        batch.Return();

        Assert.Equal(0, pool.Rent(0, 1, 0).BufferBytes);
    }

    [Fact]
    public void The_pool_keeps_no_more_than_its_capacity()
    {
        var pool = NewPool(2);
        var batches = Enumerable.Range(0, 5).Select(_ => pool.Rent(0, 1, 0)).ToList();
        Assert.Equal(5, pool.Rented);
        batches.ForEach(batch => batch.Return());
        Assert.Equal(0, pool.Rented);

        var again = Enumerable.Range(0, 5).Select(_ => pool.Rent(0, 1, 0)).ToList();

        Assert.Equal(2, again.Intersect(batches).Count());
    }

    private static RecordBatchPool NewPool(int capacity) => new(capacity, 1024, () => { });

    private static void Add(RecordBatch batch, int bytes)
    {
        var value = Marshal.AllocHGlobal(bytes);
        batch.Add(7, 5, 0, 0, value, bytes);
        Marshal.FreeHGlobal(value);
    }
}
