using System.Runtime.CompilerServices;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>Calls in the last four closed minutes. 16 bytes.</summary>
internal struct RecentMinutes
{
    private const double Most = 1e10;

    private Four _counts;

    /// <summary>All of them.</summary>
    public readonly double Sum => _counts[0] + _counts[1] + _counts[2] + _counts[3];

    /// <summary>One of them.</summary>
    public readonly double Of(long minute) => _counts[(int)(minute & 3)];

    /// <summary>Takes the place of the minute four before.</summary>
    public void Push(long minute, double count) => _counts[(int)(minute & 3)] = (float)count;

    /// <summary>Minutes without calls take the places of the last.</summary>
    /// <param name="next">The minute that follows them.</param>
    /// <param name="minutes">How many.</param>
    public void Pass(long next, int minutes)
    {
        if (minutes >= 4)
        {
            _counts = default;
        }
        else
        {
            for (var minute = next - minutes; minute < next; minute++)
            {
                Push(minute, 0);
            }
        }
    }

    public readonly void Save(MemoryWriter writer)
    {
        foreach (var count in _counts)
        {
            writer.WriteSingle(count);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        foreach (ref var count in (Span<float>)_counts)
        {
            count = SavedFloat.Read(ref reader, 0, Most);
        }
    }

    [InlineArray(4)]
    private struct Four
    {
        private float _first;
    }
}
