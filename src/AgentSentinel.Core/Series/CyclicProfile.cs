namespace AgentSentinel.Core.Series;

/// <summary>The usual value at each phase of a cycle, such as the half hours of a day: one decayed mean per bin.</summary>
/// <param name="bins">Number of bins.</param>
/// <param name="leastRate">How much a bin moves towards each value once it knows many.</param>
internal sealed class CyclicProfile(int bins, double leastRate)
{
    private readonly double[] _means = new double[bins];
    private readonly ushort[] _counts = new ushort[bins];

    /// <summary>The value expected at a phase, interpolated between the middles of the bins; null while the phase's bin is empty.</summary>
    /// <param name="phase">In bins, from 0 to their number.</param>
    public double? At(double phase)
    {
        var bin = BinOf(phase);
        if (_counts[bin] == 0)
        {
            return null;
        }

        var fromMiddle = phase - bin - 0.5;
        var neighbour = fromMiddle < 0 ? (bin == 0 ? bins - 1 : bin - 1) : (bin == bins - 1 ? 0 : bin + 1);
        return _counts[neighbour] == 0 ? _means[bin] : _means[bin] + (Math.Abs(fromMiddle) * (_means[neighbour] - _means[bin]));
    }

    /// <summary>The mean of the phase's bin; null while it is empty.</summary>
    public double? MeanAt(double phase) => _counts[BinOf(phase)] == 0 ? null : _means[BinOf(phase)];

    /// <summary>Learns a value.</summary>
    public void Add(double phase, double value)
    {
        var bin = BinOf(phase);
        _counts[bin] = (ushort)Math.Min(_counts[bin] + 1, ushort.MaxValue);
        _means[bin] += (value - _means[bin]) * Math.Max(leastRate, 1.0 / _counts[bin]);
    }

    private int BinOf(double phase) => Math.Clamp((int)phase, 0, bins - 1);
}
