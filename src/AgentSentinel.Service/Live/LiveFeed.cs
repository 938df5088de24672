using System.Globalization;
using System.Text;

namespace AgentSentinel.Service.Live;

/// <summary>
/// What happens, for those who are watching: pages that are open, programs that listen. Any thread. Telling never waits: each reader has a bounded queue
/// of its own. The newest events are kept, so that a reader whose connection broke misses nothing.
/// </summary>
public sealed class LiveFeed
{
    private const int Kept = 1_000;
    private const int QueueLength = 256;

    private readonly Lock _gate = new();
    private readonly Queue<FeedEvent> _newest = new();
    private FeedReader[] _readers = [];
    private bool _isEnded;

    /// <summary>How many are reading.</summary>
    public int Readers => Volatile.Read(ref _readers).Length;

    /// <summary>Begins to read.</summary>
    /// <param name="after">Id of the last event that the reader has; null for none. When it is not among those kept, the first event is a <c>gap</c>.</param>
    public FeedReader Open(string? after = null)
    {
        lock (_gate)
        {
            var missed = after is null ? [] : _newest.SkipWhile(e => e.Id != after).Skip(1).ToList();
            var reader = new FeedReader(this, QueueLength + Kept);
            if (after is not null && !_newest.Any(e => e.Id == after))
            {
                reader.Tell(Gap(null));
            }

            missed.ForEach(reader.Tell);
            if (_isEnded)
            {
                reader.End();
            }

            // The array is never changed, so that telling needs no lock against those who come and go.
            _readers = [.. _readers, reader];
            return reader;
        }
    }

    internal void Tell(FeedEvent told)
    {
        lock (_gate)
        {
            _newest.Enqueue(told);
            if (_newest.Count > Kept)
            {
                _newest.Dequeue();
            }

            foreach (var reader in _readers)
            {
                reader.Tell(told);
            }
        }
    }

    /// <summary>Nothing more will come.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            foreach (var reader in _readers)
            {
                reader.End();
            }
        }
    }

    internal void Remove(FeedReader reader)
    {
        lock (_gate)
        {
            _readers = [.. _readers.Where(r => r != reader)];
        }
    }

    /// <summary>Says that events are missing: what is shown has to be read anew. It has no id, as it has no place.</summary>
    internal static FeedEvent Gap(long? lost) => new(
        "", "gap", Encoding.UTF8.GetBytes(lost is null ? "{}" : string.Create(CultureInfo.InvariantCulture, $$"""{"lost":{{lost}}}""")));
}
