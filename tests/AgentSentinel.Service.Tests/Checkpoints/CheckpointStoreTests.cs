using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Tests.Suspension;

namespace AgentSentinel.Service.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private static readonly StateKey Key = new(StateKind.Profile, "agent/ü");
    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void A_new_file_has_no_offset_and_no_memory()
    {
        using var store = Open();
        Assert.Null(store.NextOffset);
        Assert.False(store.TryRead(Key, out _));
        Assert.Empty(store.Ids(StateKind.Profile));
    }

    [Fact]
    public void Memory_and_offset_come_back_together()
    {
        using (var store = Open())
        {
            store.Write(42, w => w.Write(Key, [1, 2, 3]));
            store.Write(43, w => w.Write(Key, [4]));
        }

        using var reopened = Open();
        Assert.Equal(43, reopened.NextOffset);
        Assert.True(reopened.TryRead(Key, out var bytes));
        Assert.Equal([4], bytes.ToArray());
    }

    [Fact]
    public void What_fails_half_way_changes_neither_memory_nor_offset()
    {
        using var store = Open();
        store.Write(1, w => w.Write(Key, [1]));
        Assert.Throws<InvalidOperationException>(() => store.Write(2, w =>
        {
            w.Write(Key, [2]);
            throw new InvalidOperationException("half way");
        }));

        Assert.Equal(1, store.NextOffset);
        using var reopened = Open();
        Assert.Equal(1, reopened.NextOffset);
        Assert.True(reopened.TryRead(Key, out var bytes));
        Assert.Equal([1], bytes.ToArray());
    }

    [Fact]
    public void A_former_owner_cannot_write()
    {
        using var former = Open();
        former.Write(1, w => w.Write(Key, [1]));
        using var owner = Open();
        owner.Write(2, w => w.Write(Key, [2]));

        Assert.Throws<OwnershipLostException>(() => former.Write(9, w => w.Write(Key, [9])));
        Assert.True(owner.TryRead(Key, out var bytes));
        Assert.Equal([2], bytes.ToArray());
    }

    [Fact]
    public void A_removed_piece_is_gone_and_removing_it_again_is_no_error()
    {
        using var store = Open();
        store.Write(1, w => w.Write(Key, [1]));
        store.Write(2, w => w.Remove(Key));
        store.Write(3, w => w.Remove(Key));
        Assert.False(store.TryRead(Key, out _));
    }

    [Fact]
    public void Ids_come_in_ordinal_order_and_by_kind()
    {
        using var store = Open();
        store.Write(1, w =>
        {
            foreach (var id in (string[])["b", "B", "a", "ä"])
            {
                w.Write(new StateKey(StateKind.Profile, id), [1]);
            }

            w.Write(new StateKey(StateKind.Incident, "c"), [1]);
        });
        Assert.Equal(["B", "a", "b", "ä"], store.Ids(StateKind.Profile));
    }

    private CheckpointStore Open() => CheckpointStore.Open(_file.Path, survivesPowerLoss: false);
}
