namespace AgentSentinel.Service.Kafka;

/// <summary>
/// Batches waiting to be filled again, shared by the partitions of one consumer. Any thread. Last in, first out, so that
/// the memory in use is the memory still in the processor's cache; what does not fit is left to the garbage collector.
/// </summary>
internal sealed class RecordBatchPool
{
    private readonly Lock _gate = new();
    private readonly Stack<RecordBatch> _batches = new();
    private readonly int _capacity;
    private readonly Action _onReturned;
    private int _rented;

    /// <param name="capacity">Most batches kept.</param>
    /// <param name="maxKeptBytes">Largest buffer a batch keeps while it waits here.</param>
    /// <param name="onReturned">Called on the returning thread: a reader has made progress.</param>
    public RecordBatchPool(int capacity, int maxKeptBytes, Action onReturned)
    {
        _capacity = capacity;
        _onReturned = onReturned;
        MaxKeptBytes = maxKeptBytes;
    }

    /// <summary>Largest buffer a batch keeps while it waits here.</summary>
    public int MaxKeptBytes { get; }

    /// <summary>Batches that are out. Zero after everything has been given back: tests look for leaks with it.</summary>
    public int Rented => Volatile.Read(ref _rented);

    public RecordBatch Rent(int partition, int epoch, long nextOffset)
    {
        Interlocked.Increment(ref _rented);
        RecordBatch? batch;
        lock (_gate)
        {
            _batches.TryPop(out batch);
        }

        batch ??= new RecordBatch(this);
        batch.Begin(partition, epoch, nextOffset);
        return batch;
    }

    /// <summary>Called by <see cref="RecordBatch.Return"/> only.</summary>
    public void Put(RecordBatch batch)
    {
        Interlocked.Decrement(ref _rented);
        lock (_gate)
        {
            if (_batches.Count < _capacity)
            {
                _batches.Push(batch);
            }
        }

        _onReturned();
    }
}
