using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>What was counted and what was expected in the last twelve parts of a window that slides by one. 96 bytes.</summary>
internal struct TrailingWindow
{
    /// <summary>How many parts there are.</summary>
    public const int Parts = 12;

    private const double Most = 1e11;

    private Cells _counts;
    private Cells _means;

    public readonly double Count => Sum(_counts);

    public readonly double Mean => Sum(_means);

    /// <summary>Sums over the last parts.</summary>
    public readonly (double Count, double Mean) Last(long part, int parts)
    {
        var (count, mean) = (0.0, 0.0);
        for (var i = 0; i < parts; i++)
        {
            var (counted, expected) = Part(part - i);
            count += counted;
            mean += expected;
        }

        return (count, mean);
    }

    /// <summary>One of the last parts.</summary>
    public readonly (float Count, float Mean) Part(long part) => (_counts[(int)(part % Parts)], _means[(int)(part % Parts)]);

    /// <summary>Adds a part; parts come one after another.</summary>
    public void Push(long part, double count, double mean)
    {
        var slot = (int)(part % Parts);
        _counts[slot] = (float)count;
        _means[slot] = (float)mean;
    }

    public readonly void Save(MemoryWriter writer)
    {
        for (var i = 0; i < Parts; i++)
        {
            writer.WriteSingle(_counts[i]);
            writer.WriteSingle(_means[i]);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        for (var i = 0; i < Parts; i++)
        {
            _counts[i] = SavedFloat.Read(ref reader, 0, Most);
            _means[i] = SavedFloat.Read(ref reader, 0, Most);
        }
    }

    private static double Sum(in Cells cells)
    {
        ref readonly var first = ref cells[0];
        return Vector256.Sum(Widened(first, 0) + Widened(first, 4) + Widened(first, 8));
    }

    private static Vector256<double> Widened(in float first, nuint at)
    {
        var (lower, upper) = Vector128.Widen(Vector128.LoadUnsafe(in first, at));
        return Vector256.Create(lower, upper);
    }

    [InlineArray(Parts)]
    private struct Cells
    {
        private float _first;
    }
}
