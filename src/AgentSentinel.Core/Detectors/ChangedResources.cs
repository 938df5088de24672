using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Which resources an agent changed lately, and how often it changes one that is new to it: two generations of a Bloom filter (Bloom 1970) of 256 bits and four bits
/// a name, and two decayed counts. 72 bytes. Owned by one detector's memory.
/// </summary>
/// <remarks>
/// When half of the younger generation is set, with about 44 names, it takes the older one's place, so that ever new names never make every name look known: at most
/// one new name in eight does, and one in a thousand after a dozen. What is counted is what the filter says: an agent that changes more than it holds just seems to
/// change many new ones.
/// </remarks>
internal struct ChangedResources
{
    // Calls that are remembered: some two thousand.
    private const float Keep = 0.9995f;

    // More than any memory of this length holds: saved memory that tells of more is damaged.
    private const float Most = 1e9f;

    // Before anything is known, everything is new: the weight of that, in calls.
    private const double PriorCalls = 4;

    // However seldom it was: who begins to do something in batches may well begin with what it never changed.
    private const double LeastChance = 0.1;

    private Generation _young;
    private Generation _old;
    private float _calls;
    private float _new;

    /// <summary>Whether a call uses a resource that was not changed lately.</summary>
    public readonly bool BringsNew(ToolCall call, FingerprintCache names)
    {
        foreach (var resource in call.Resources)
        {
            if (names.Of(resource) is var name && !_young.Contains(name) && !_old.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>−log10 of the chance that one of some calls brings something new.</summary>
    /// <param name="calls">How many they are.</param>
    public readonly double Surprise(int calls) => -Math.Log10(Math.Min(1, calls * Math.Max(LeastChance, (_new + PriorCalls) / (_calls + PriorCalls))));

    /// <summary>Learns from a call that changes something.</summary>
    public void Learn(ToolCall call, FingerprintCache names)
    {
        if (call.Resources.IsEmpty)
        {
            return;
        }

        (_calls, _new) = ((_calls * Keep) + 1, (_new * Keep) + (BringsNew(call, names) ? 1 : 0));
        foreach (var resource in call.Resources)
        {
            _young.Add(names.Of(resource));
            if (_young.IsHalfFull)
            {
                (_old, _young) = (_young, default);
            }
        }
    }

    /// <summary>Gives what was counted less weight.</summary>
    public void Scale(float weight) => (_calls, _new) = (_calls * weight, _new * weight);

    public readonly void Save(MemoryWriter writer)
    {
        _young.Save(writer);
        _old.Save(writer);
        writer.WriteSingle(_calls);
        writer.WriteSingle(_new);
    }

    public static ChangedResources Load(ref MemoryReader reader)
    {
        var changed = new ChangedResources
        {
            _young = Generation.Load(ref reader),
            _old = Generation.Load(ref reader),
            _calls = reader.ReadSingle(),
            _new = reader.ReadSingle(),
        };
        return changed._calls is >= 0 and <= Most && changed._new >= 0 && changed._new <= changed._calls
            ? changed
            : throw reader.Damaged("counts of changed resources that cannot be");
    }

    /// <summary>A name sets one bit of each word.</summary>
    private struct Generation
    {
        private const int BitsOfAPlace = 6;

        private Bits256 _bits;

        public readonly bool IsHalfFull => _bits.Used >= Bits256.Length / 2;

        public readonly bool Contains(ulong name)
        {
            foreach (var word in _bits)
            {
                if ((word & BitOf(name)) == 0)
                {
                    return false;
                }

                name >>= BitsOfAPlace;
            }

            return true;
        }

        public void Add(ulong name)
        {
            foreach (ref var word in _bits)
            {
                word |= BitOf(name);
                name >>= BitsOfAPlace;
            }
        }

        public readonly void Save(MemoryWriter writer) => _bits.Save(writer);

        public static Generation Load(ref MemoryReader reader) => new() { _bits = Bits256.Load(ref reader) };

        private static ulong BitOf(ulong name) => 1UL << (int)(name & ((1 << BitsOfAPlace) - 1));
    }
}
