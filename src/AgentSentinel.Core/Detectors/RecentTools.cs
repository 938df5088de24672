using System.Numerics;
using System.Runtime.Intrinsics;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>The places of the tools of an agent's last 48 calls, four bits each. 24 bytes.</summary>
internal record struct RecentTools
{
    /// <summary>Calls that are remembered.</summary>
    public const int Length = 48;

    private const int PerWord = 16;
    private const ulong Ones = 0x1111_1111_1111_1111;

    // Places count from 1, so that 0 is a call that never was. The newest has the lowest bits.
    private ulong _newest;
    private ulong _middle;
    private ulong _oldest;

    /// <summary>Adds a call; the oldest is forgotten.</summary>
    /// <param name="place">0 to 14.</param>
    public void Add(int place)
    {
        _oldest = (_oldest << 4) | (_middle >> 60);
        _middle = (_middle << 4) | (_newest >> 60);
        _newest = (_newest << 4) | (uint)(place + 1);
    }

    /// <summary>True when there are so many calls.</summary>
    /// <param name="calls">1 to <see cref="Length"/>.</param>
    public readonly bool Reaches(int calls) => At(calls - 1) != 0;

    /// <summary>True when a place is among them.</summary>
    public readonly bool Has(int place)
    {
        var pattern = Ones * (uint)(place + 1);
        return HasZero(_newest ^ pattern) || HasZero(_middle ^ pattern) || HasZero(_oldest ^ pattern);
    }

    /// <summary>Counts the calls of each place among the last.</summary>
    /// <param name="counts">One for each place.</param>
    /// <param name="calls">How many calls; there must be as many.</param>
    public readonly void Count(Span<byte> counts, int calls)
    {
        // Even nibbles first, then odd ones, a byte each.
        var places = Vector512.Create(Even(_newest), Even(_middle), Even(_oldest), 0, Even(_newest >> 4), Even(_middle >> 4), Even(_oldest >> 4), 0).AsByte();
        var among = ((1UL << ((calls + 1) / 2)) - 1) | (((1UL << (calls / 2)) - 1) << 32);
        for (var place = 0; place < counts.Length; place++)
        {
            counts[place] = (byte)BitOperations.PopCount(Vector512.Equals(places, Vector512.Create((byte)(place + 1))).ExtractMostSignificantBits() & among);
        }
    }

    /// <summary>Counts the calls of each place among the last whose predecessor is of the same place.</summary>
    public readonly void CountRepeats(Span<byte> repeats, int calls)
    {
        repeats.Clear();
        for (var i = 0; i < calls; i++)
        {
            var place = At(i);
            if (place == At(i + 1))
            {
                repeats[place - 1]++;
            }
        }
    }

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteUInt64(_newest);
        writer.WriteUInt64(_middle);
        writer.WriteUInt64(_oldest);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where it is.</param>
    /// <param name="places">How many places there are.</param>
    public static RecentTools Load(ref MemoryReader reader, int places)
    {
        var recent = new RecentTools { _newest = reader.ReadUInt64(), _middle = reader.ReadUInt64(), _oldest = reader.ReadUInt64() };
        var isOver = false;
        for (var i = 0; i < Length; i++)
        {
            var place = recent.At(i);
            isOver |= place == 0;
            if (place > places || (isOver && place != 0))
            {
                throw reader.Damaged("a call of a tool that is none");
            }
        }

        return recent;
    }

    private static ulong Even(ulong nibbles) => nibbles & 0x0F0F_0F0F_0F0F_0F0F;

    private static bool HasZero(ulong nibbles) => ((nibbles - Ones) & ~nibbles & (Ones << 3)) != 0;

    private readonly int At(int age) => (int)((age switch
    {
        < PerWord => _newest,
        < 2 * PerWord => _middle,
        _ => _oldest,
    } >> (age % PerWord * 4)) & 15);
}
