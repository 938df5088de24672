using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// What is usual of a quantity for each tool, over all agents of a partition: decayed means of logarithms, in 1,024 places by the tool's fingerprint.
/// Tools that fall into the same place share it. 8 KB a quantity, none of it an agent's.
/// </summary>
internal sealed class ToolLevels
{
    private const int Places = 1024;

    // Calls before a tool's level is known, and the least share of a call in it.
    private const float Known = 20;
    private const float LeastRate = 0.002f;
    private const float LargestLog = 50;

    private readonly float[] _means = new float[Places];
    private readonly float[] _counts = new float[Places];

    /// <summary>The tool's usual logarithm; null while it is not known.</summary>
    public double? Of(ulong tool) => _counts[tool % Places] >= Known ? _means[tool % Places] : null;

    /// <summary>Learns a call's logarithm.</summary>
    public void Add(ulong tool, double log)
    {
        var place = tool % Places;
        _counts[place] = Math.Min(_counts[place] + 1, 1 / LeastRate);
        _means[place] += ((float)Math.Min(log, LargestLog) - _means[place]) / _counts[place];
    }

    /// <summary>Saves the places that are used.</summary>
    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_counts.Count(c => c > 0));
        for (var place = 0; place < Places; place++)
        {
            if (_counts[place] > 0)
            {
                writer.WriteVariable((ulong)place);
                writer.WriteSingle(_counts[place]);
                writer.WriteSingle(_means[place]);
            }
        }
    }

    /// <summary>Loads what <see cref="Save"/> wrote.</summary>
    public void Load(ref MemoryReader reader)
    {
        for (var left = reader.ReadCount(9); left > 0; left--)
        {
            var place = (int)reader.ReadUpTo(Places - 1);
            _counts[place] = Within(reader.ReadSingle(), 1 / LeastRate, reader);
            _means[place] = Within(reader.ReadSingle(), LargestLog, reader);
        }
    }

    private static float Within(float value, float most, in MemoryReader reader) =>
        value >= 0 && value <= most ? value : throw reader.Damaged("a level that no tool can have");
}
