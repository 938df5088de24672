using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// The last raw scores of a series, and the tail of their kernel density estimate. Owned by one engine; 4 bytes a score.
/// </summary>
/// <remarks>
/// A Gaussian kernel of bandwidth √2 · √Σ d² / n (in the erf's scale), Σ d² over all pairs in the window. The sum is kept
/// up to date by what enters and leaves, as the reference does, because recomputing it changes p-values in the tenth digit.
/// What leaves is rounded to 32 bits and what enters is not, so the sum would drift, below zero at the worst; here it never
/// falls below zero, and it is computed anew whenever it has fallen so far that the drift would count.
/// </remarks>
internal sealed class KernelWindow(int capacity)
{
    // The bandwidth of identical scores.
    private const double LeastBandwidth = 1e-6;

    // Roundings are about 1e-8 of the largest sum since it was last exact.
    private const double Cancelled = 1e-4;

    private const int Chunk = 64;

    // Pairs of the largest 32-bit values.
    private const double LargestSum = 1e80;

    private readonly float[] _values = new float[capacity];
    private int _first;
    private int _count;
    private double _sumOfSquares;
    private double _largestSum;

    // The sum with the score in it that was looked at last: not memory, only work not done twice.
    private float _scored;
    private double? _entered;

    public int Capacity => capacity;

    public int Count => _count;

    /// <summary>Standard deviation of the scores.</summary>
    public double Deviation => _count == 0 ? 0 : Math.Sqrt(_sumOfSquares) / _count;

    /// <summary>Estimated probability of a score above this one; 0.5 while nothing is known.</summary>
    [SkipLocalsInit]
    public double UpperTail(double score, out double mean)
    {
        if (_count == 0)
        {
            mean = score;
            return 0.5;
        }

        var bandwidth = Vector256.Create(Math.Max(Math.Sqrt(2) * (_count == 1 ? 1 : Math.Sqrt(_sumOfSquares) / _count), LeastBandwidth));
        var scores = Vector256.Create(score);
        Span<float> values = stackalloc float[Chunk];
        var (tail, entered) = (0.0, _sumOfSquares);
        var total = Vector256<double>.Zero;
        for (var offset = 0; offset < _count; offset += Chunk)
        {
            var length = Math.Min(Chunk, _count - offset);
            CopyTo(values, offset, length);
            ref var first = ref MemoryMarshal.GetReference(values);

            // Sums go from value to value: their order is part of the result. Both run beside the computation of the next four erfs.
            var i = 0;
            for (; i <= length - 4; i += 4)
            {
                var (erfs, squares) = Distances(scores, bandwidth, ref Unsafe.Add(ref first, i), ref total);
                tail -= erfs[0];
                tail -= erfs[1];
                tail -= erfs[2];
                tail -= erfs[3];
                entered += squares[0];
                entered += squares[1];
                entered += squares[2];
                entered += squares[3];
            }

            if (i < length)
            {
                // Zeros add nothing to the total, and what becomes of them is not read.
                values[length..].Clear();
                var (erfs, squares) = Distances(scores, bandwidth, ref Unsafe.Add(ref first, i), ref total);
                for (var j = 0; i + j < length; j++)
                {
                    tail -= erfs[j];
                    entered += squares[j];
                }
            }
        }

        (_scored, _entered) = ((float)score, entered);
        mean = Vector256.Sum(total) / _count;
        return 0.5 + (tail / (2 * _count));
    }

    /// <summary>Adds a finite score; the oldest leaves a full window.</summary>
    public void Add(float score)
    {
        var older = _values.AsSpan(_first, Math.Min(_count, capacity - _first));
        var newer = _values.AsSpan(0, _count - older.Length);
        var sum = _entered is { } entered && _scored == score ? entered : Enter(Enter(_sumOfSquares, older, score), newer, score);
        _entered = null;
        if (_count < capacity)
        {
            _values[_count++] = score;
        }
        else
        {
            var oldest = _values[_first];
            sum = Leave(sum, older[1..], oldest);
            sum = Leave(sum, newer, oldest);
            var distance = (double)oldest - score;
            sum -= distance * distance;
            _values[_first] = score;
            _first = _first + 1 == capacity ? 0 : _first + 1;
        }

        _sumOfSquares = Math.Max(sum, 0);
        _largestSum = Math.Max(_largestSum, _sumOfSquares);
        if (_sumOfSquares < Cancelled * _largestSum)
        {
            Recompute();
        }
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_count);
        for (var i = 0; i < _count; i++)
        {
            writer.WriteSingle(_values[(_first + i) % capacity]);
        }

        writer.WriteDouble(_sumOfSquares);
        writer.WriteDouble(_largestSum);
    }

    public void Load(ref MemoryReader reader)
    {
        _first = 0;
        _entered = null;
        _count = (int)reader.ReadUpTo(capacity);
        for (var i = 0; i < _count; i++)
        {
            _values[i] = Finite.Read(ref reader);
        }

        _sumOfSquares = reader.ReadWithin(0, LargestSum * capacity);
        _largestSum = reader.ReadWithin(_sumOfSquares, LargestSum * capacity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> Erfs, Vector256<double> Squares) Distances(
        Vector256<double> scores, Vector256<double> bandwidth, ref float first, ref Vector256<double> total)
    {
        var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref first));
        var values = Vector256.Create(low, high);
        total += values;
        var distances = scores - values;
        return (GaussianKernel.Erf(distances / bandwidth), distances * distances);
    }

    private static double Enter(double sum, ReadOnlySpan<float> values, double score)
    {
        foreach (var value in values)
        {
            var distance = score - value;
            sum += distance * distance;
        }

        return sum;
    }

    private static double Leave(double sum, ReadOnlySpan<float> values, float oldest)
    {
        foreach (var value in values)
        {
            double distance = oldest - value;
            sum -= distance * distance;
        }

        return sum;
    }

    // Happens after a score a hundred times as far out as the others has left: at most once in a window's length.
    private void Recompute()
    {
        // Oldest first, wherever the ring began: a sum must not depend on where in memory its terms are.
        _values.AsSpan(0, _first).Reverse();
        _values.AsSpan(_first).Reverse();
        _values.AsSpan().Reverse();
        _first = 0;
        var sum = 0.0;
        for (var i = 1; i < _count; i++)
        {
            sum = Enter(sum, _values.AsSpan(0, i), _values[i]);
        }

        _sumOfSquares = _largestSum = sum;
    }

    private void CopyTo(Span<float> target, int offset, int length)
    {
        var begin = _first + offset;
        begin -= begin >= capacity ? capacity : 0;
        var head = Math.Min(length, capacity - begin);
        _values.AsSpan(begin, head).CopyTo(target);
        _values.AsSpan(0, length - head).CopyTo(target[head..]);
    }
}
