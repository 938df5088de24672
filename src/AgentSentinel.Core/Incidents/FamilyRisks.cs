using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Incidents;

/// <summary>
/// Risk as a function of time, from what independent families of detectors said. Within a family only the strongest, as far as it has not
/// faded, counts; the strongest family counts whole, the next one half, the third a quarter and so on. So copies of one weak sign, from one
/// detector or from several that look at the same thing, never add up, and all families together at most double the strongest.
/// </summary>
internal sealed class FamilyRisks
{
    // More families than there are detectors would need made-up journal entries; the weakest makes room.
    private const int MostFamilies = 16;

    private readonly List<(string Family, double Value, DateTimeOffset At)> _families = [];

    /// <summary>Takes a sign.</summary>
    /// <param name="family">Family of the detector.</param>
    /// <param name="weight">log10 of the return period in days, with what the data's sensitivity adds.</param>
    /// <param name="now">The journal's clock.</param>
    /// <param name="halfLife">In which a value falls by half.</param>
    public void Add(string family, double weight, DateTimeOffset now, TimeSpan halfLife)
    {
        var known = _families.FindIndex(f => f.Family == family);
        if (known >= 0)
        {
            var faded = Faded(_families[known], now, halfLife);
            if (faded < weight)
            {
                _families[known] = (family, weight, now);
            }

            return;
        }

        if (_families.Count == MostFamilies)
        {
            _families.Remove(_families.MinBy(f => Faded(f, now, halfLife)));
        }

        _families.Add((family, weight, now));
    }

    /// <summary>The risk at a moment.</summary>
    public double At(DateTimeOffset now, TimeSpan halfLife)
    {
        Span<double> values = stackalloc double[MostFamilies];
        for (var i = 0; i < _families.Count; i++)
        {
            values[i] = -Faded(_families[i], now, halfLife);
        }

        values = values[.._families.Count];
        values.Sort();
        var (risk, weight) = (0.0, 1.0);
        foreach (var value in values)
        {
            risk -= weight * value;
            weight /= 2;
        }

        return risk;
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_families.Count);
        foreach (var (family, value, at) in _families)
        {
            writer.WriteString(family);
            writer.WriteDouble(value);
            writer.WriteTime(at);
        }
    }

    public void Load(ref MemoryReader reader)
    {
        for (var left = reader.ReadCount(17); left > 0; left--)
        {
            _families.Add((reader.ReadString(), reader.ReadWithin(0, 1e6), reader.ReadTime()));
        }

        if (_families.Count > MostFamilies)
        {
            throw reader.Damaged("more families than there can be");
        }
    }

    private static double Faded((string Family, double Value, DateTimeOffset At) sign, DateTimeOffset now, TimeSpan halfLife) =>
        now <= sign.At ? sign.Value : sign.Value * Math.Exp(-Math.Log(2) * ((now - sign.At) / halfLife));
}
