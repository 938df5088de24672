using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Windowing;

/// <summary>
/// A window's calls by name, of a tool or a dataset: the heaviest names, and everything else as the rest. Together they add up to the window.
/// Owned by its <see cref="AgentWindow"/>. At most 500 bytes.
/// </summary>
/// <remarks>
/// Space-Saving (Metwally, Agrawal and El Abbadi, 2005): a new name takes the place of the lightest and inherits its weight, so that a
/// name with more than an eighth of the calls is never missing at the end. We differ in what is reported: a name's figures are what was counted
/// since it came in, and what was counted of those that had to leave is in the rest, so that nothing is counted twice.
/// </remarks>
public sealed class WindowBreakdown
{
    /// <summary>Most names of a window.</summary>
    public const int MostNames = 8;

    private NameTotals[] _named = new NameTotals[1];

    // Upper bounds of the calls of each name since the window's begin: who is lightest is decided by these.
    private int[] _weights = new int[1];
    private int _count;
    private NameTotals _rest = new("", 0, 0, 0, 0);

    /// <summary>The heaviest names, in the order in which they came.</summary>
    public ReadOnlySpan<NameTotals> Named => _named.AsSpan(0, _count);

    /// <summary>Everything else.</summary>
    public NameTotals Rest => _rest;

    internal void Add(string name, bool hasFailed, double records, double bytes)
    {
        var i = PositionOf(name);
        if (i < 0)
        {
            i = MakeRoom();
            _named[i] = new NameTotals(name, 0, 0, 0, 0);
        }

        _named[i] = _named[i].Plus(1, hasFailed ? 1 : 0, records, bytes);
        _weights[i]++;
    }

    internal void Clear()
    {
        if (_count == 0)
        {
            return;
        }

        // The names, too: a pooled window must not keep texts alive.
        Array.Clear(_named);
        Array.Clear(_weights);
        _count = 0;
        _rest = new NameTotals("", 0, 0, 0, 0);
    }

    internal void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_count);
        for (var i = 0; i < _count; i++)
        {
            writer.WriteString(_named[i].Name);
            writer.WriteVariable((ulong)_weights[i]);
            SaveFigures(writer, _named[i]);
        }

        SaveFigures(writer, _rest);
    }

    internal void Load(ref MemoryReader reader)
    {
        Clear();
        for (var left = reader.ReadCount(1); left > 0; left--)
        {
            var i = MakeRoom();
            var name = reader.ReadString();
            _weights[i] = reader.ReadInt32();
            _named[i] = LoadFigures(name, ref reader);
        }

        _rest = LoadFigures("", ref reader);
    }

    private int PositionOf(string name)
    {
        // Names come from the decoder's cache, so that most comparisons end at the reference.
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_named[i].Name, name))
            {
                return i;
            }
        }

        for (var i = 0; i < _count; i++)
        {
            if (string.Equals(_named[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private int MakeRoom()
    {
        if (_count < MostNames)
        {
            if (_count == _named.Length)
            {
                Array.Resize(ref _named, Math.Min(_count * 2, MostNames));
                Array.Resize(ref _weights, _named.Length);
            }

            return _count++;
        }

        var lightest = 0;
        for (var i = 1; i < _count; i++)
        {
            lightest = _weights[i] < _weights[lightest] ? i : lightest;
        }

        var (_, calls, failures, records, bytes) = _named[lightest];
        _rest = _rest.Plus(calls, failures, records, bytes);
        return lightest;
    }

    // A call without records or bytes is the usual one: a zero takes one byte.
    private static void SaveFigures(MemoryWriter writer, in NameTotals totals)
    {
        writer.WriteVariable((ulong)totals.Calls);
        writer.WriteVariable((ulong)totals.Failures);
        SaveAmount(writer, totals.Records);
        SaveAmount(writer, totals.Bytes);
    }

    private static NameTotals LoadFigures(string name, ref MemoryReader reader) =>
        new(name, reader.ReadInt32(), reader.ReadInt32(), LoadAmount(ref reader), LoadAmount(ref reader));

    private static void SaveAmount(MemoryWriter writer, double amount)
    {
        writer.WriteBoolean(amount != 0);
        if (amount != 0)
        {
            writer.WriteDouble(amount);
        }
    }

    private static double LoadAmount(ref MemoryReader reader) => reader.ReadBoolean() ? reader.ReadFinite() : 0;
}
