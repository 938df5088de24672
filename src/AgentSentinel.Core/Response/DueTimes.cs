namespace AgentSentinel.Core.Response;

/// <summary>
/// When time alone will cause something: the earliest first, of equals the one with the lesser id. One entry per kind and id. O(log n).
/// Not saved: whoever loads what it is about sets it again.
/// </summary>
internal sealed class DueTimes
{
    private readonly SortedSet<Due> _queue = new(Comparer<Due>.Create(Compare));
    private readonly Dictionary<(DueKind, string), DateTimeOffset> _times = [];

    public void Set(DueKind kind, string id, DateTimeOffset at)
    {
        Clear(kind, id);
        _times.Add((kind, id), at);
        _queue.Add(new Due(at, id, kind));
    }

    public void Clear(DueKind kind, string id)
    {
        if (_times.Remove((kind, id), out var at))
        {
            _queue.Remove(new Due(at, id, kind));
        }
    }

    /// <summary>Takes out the next one that is due.</summary>
    public bool TryTake(DateTimeOffset now, out Due due)
    {
        due = _queue.Min;
        if (_queue.Count == 0 || due.At > now)
        {
            return false;
        }

        _queue.Remove(due);
        _times.Remove((due.Kind, due.Id));
        return true;
    }

    private static int Compare(Due a, Due b)
    {
        var byTime = a.At.CompareTo(b.At);
        var byId = byTime != 0 ? byTime : string.CompareOrdinal(a.Id, b.Id);
        return byId != 0 ? byId : a.Kind.CompareTo(b.Kind);
    }

    /// <summary>What is due.</summary>
    /// <param name="At">When.</param>
    /// <param name="Id">Which one of its kind.</param>
    /// <param name="Kind">What.</param>
    internal readonly record struct Due(DateTimeOffset At, string Id, DueKind Kind);
}
