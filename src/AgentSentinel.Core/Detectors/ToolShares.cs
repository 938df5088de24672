using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// In which proportions an agent calls its tools, and how often a call of a tool is followed by another of it. Eight tools have a place each, all others share
/// one; tools whose fingerprints have sixteen bits in common are one. 88 bytes.
/// </summary>
internal struct ToolShares
{
    /// <summary>Places, that of the others included, which is the last.</summary>
    public const int Places = 9;

    private const int Others = Places - 1;

    // Nothing counts for more calls than these.
    private const double MostCalls = 4000;

    // A tool of a smaller share gives its place away.
    private const double RareShare = 0.01;

    // Fewer calls than these are never expected of a tool: that an agent takes up a tool is for others to judge.
    private const double LeastExpected = 1.25;
    private const double LeastDegrees = 0.5;

    // Calls of a tool, as many as its share says followed by another of its own, before anything is known.
    private const double PriorRepeats = 10;

    // That of a correlation of 0.9 from call to call.
    private const double MostClustering = 19;

    private static readonly double LogLeastExpected = Math.Log(LeastExpected);

    // Of numbers of calls; that of 0 is only ever multiplied by 0.
    private static readonly double[] Logarithms = [.. Enumerable.Range(0, RecentTools.Length + 1).Select(calls => Math.Log(Math.Max(1, calls)))];

    private Names _names;
    private Counts _counts;
    private Counts _repeats;

    /// <summary>How many calls stand behind the shares.</summary>
    public readonly double Total
    {
        get
        {
            var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(in _counts[0]));
            return Vector256.Sum(lower + upper) + _counts[Others];
        }
    }

    /// <summary>The place of a tool; that of the others when it has none.</summary>
    /// <param name="name">Sixteen bits of its fingerprint.</param>
    /// <param name="recent">The last calls, whose places are not given away.</param>
    public readonly int PlaceOf(ushort name, in RecentTools recent)
    {
        for (var same = Vector128.Equals(Vector128.LoadUnsafe(in _names[0]), Vector128.Create(name)).ExtractMostSignificantBits(); same != 0; same &= same - 1)
        {
            if (BitOperations.TrailingZeroCount(same) is var place && (_counts[place] > 0 || recent.Has(place)))
            {
                return place;
            }
        }

        return Others;
    }

    /// <summary>The place of a tool, which gets one if there is any that nobody has, or whose tool is hardly ever called: that one is counted with the others from now on.</summary>
    public int Claim(ushort name, in RecentTools recent)
    {
        if (PlaceOf(name, recent) is var place && place != Others)
        {
            return place;
        }

        var least = -1;
        for (var i = 0; i < Others; i++)
        {
            least = (least < 0 || _counts[i] < _counts[least]) && !recent.Has(i) ? i : least;
        }

        if (least < 0 || _counts[least] > RareShare * Total)
        {
            return Others;
        }

        _counts[Others] += _counts[least];
        _counts[least] = _repeats[least] = 0;
        _names[least] = name;
        return least;
    }

    /// <summary>The weight of a block that makes its calls worth as much as any others.</summary>
    public readonly double UsualWeight(int calls) => Math.Max(calls / MostCalls, calls / (Total + calls));

    /// <summary>Learns the last calls.</summary>
    /// <param name="recent">The calls.</param>
    /// <param name="calls">How many of them.</param>
    /// <param name="weight">Their weight against all before, 0 to 1. Calls of less weight than usual make what is known rest on fewer calls.</param>
    public void Learn(in RecentTools recent, int calls, double weight)
    {
        var total = Total;
        var size = Math.Min(MostCalls, 1 / ((total > 0 ? (1 - weight) * (1 - weight) / total : 0) + (weight * weight / calls)));
        var keep = total > 0 ? size / total * (1 - weight) : 0;
        var take = size * weight / calls;
        Span<byte> counts = stackalloc byte[Places];
        Span<byte> repeats = stackalloc byte[Places];
        recent.Count(counts, calls);
        recent.CountRepeats(repeats, calls);
        for (var i = 0; i < Places; i++)
        {
            _counts[i] = (float)((keep * _counts[i]) + (take * counts[i]));
            _repeats[i] = (float)((keep * _repeats[i]) + (take * repeats[i]));
        }
    }

    /// <summary>Lets what is known count for so many calls at most.</summary>
    public void Shrink(double most)
    {
        var keep = (float)Math.Min(1, most / Math.Max(1, Total));
        for (var i = 0; i < Places; i++)
        {
            _counts[i] *= keep;
            _repeats[i] *= keep;
        }
    }

    /// <summary>How far the last calls are from the shares.</summary>
    /// <param name="recent">The calls.</param>
    /// <param name="calls">How many of them, with at least as many behind the shares.</param>
    /// <param name="spans">Gets what they say, and what twice as many, three times as many … say, as far as there is room.</param>
    public readonly void Deviances(in RecentTools recent, int calls, Span<ToolDeviance> spans)
    {
        Span<byte> counts = stackalloc byte[Places * spans.Length];
        for (var span = 0; span < spans.Length; span++)
        {
            recent.Count(counts.Slice(span * Places, Places), calls * (span + 1));
            spans[span] = new ToolDeviance();
        }

        var total = Total;
        var each = 1 / total;
        for (var place = 0; place < Places; place++)
        {
            var (share, logShare, weight) = (_counts[place] * each, 0.0, 0.0);
            for (var span = 0; span < spans.Length; span++)
            {
                var (count, all) = (counts[(span * Places) + place], calls * (span + 1));
                var expected = all * share;
                spans[span].Degrees += Math.Min(1, expected);
                if (expected <= LeastExpected && count == 0)
                {
                    continue;
                }

                if (weight == 0)
                {
                    weight = 1 / Clustering(_counts[place], _repeats[place], share);
                    logShare = Math.Log(share);
                }

                var logExpected = expected > LeastExpected ? Logarithms[all] + logShare : LogLeastExpected;
                expected = Math.Max(LeastExpected, expected);
                spans[span].Add(place, count > expected, Math.Max(0, (count * (Logarithms[count] - logExpected)) + expected - count) * weight);
            }
        }

        for (var span = 0; span < spans.Length; span++)
        {
            // What is expected is known from so many calls only.
            ref var found = ref spans[span];
            found.Degrees = Math.Max(LeastDegrees, found.Degrees);
            found.Deviance = 2 * found.Deviance / found.Degrees / (1 + (calls * (span + 1) / total));
        }
    }

    public readonly void Save(MemoryWriter writer)
    {
        foreach (var name in (ReadOnlySpan<ushort>)_names)
        {
            writer.WriteVariable(name);
        }

        for (var i = 0; i < Places; i++)
        {
            writer.WriteSingle(_counts[i]);
            writer.WriteSingle(_repeats[i]);
        }
    }

    public static ToolShares Load(ref MemoryReader reader)
    {
        var shares = default(ToolShares);
        foreach (ref var name in (Span<ushort>)shares._names)
        {
            name = (ushort)reader.ReadUpTo(ushort.MaxValue);
        }

        for (var i = 0; i < Places; i++)
        {
            // Sums of rounded numbers are a little over it.
            shares._counts[i] = SavedFloat.Read(ref reader, 0, 1.01 * MostCalls);
            shares._repeats[i] = SavedFloat.Read(ref reader, 0, 1.01 * MostCalls);
        }

        return shares;
    }

    /// <summary>
    /// How much more a tool's count varies because a call of it is often followed by another: (1 + r) / (1 − r) with a correlation of r from call to call.
    /// </summary>
    private static double Clustering(double count, double repeats, double share)
    {
        // With f of its calls followed by another, r is (f − share) / (1 − share). Rounded sums may tell of more repeats than calls.
        share = Math.Min(0.99, share);
        var calls = count + PriorRepeats;
        var followed = repeats + (PriorRepeats * share);
        return Math.Clamp((((1 - (2 * share)) * calls) + followed) / Math.Max(calls - followed, 1e-9), 1, MostClustering);
    }

    [InlineArray(Others)]
    private struct Names
    {
        private ushort _first;
    }

    [InlineArray(Places)]
    private struct Counts
    {
        private float _first;
    }
}
