using System.Buffers.Binary;
using System.Text;

namespace AgentSentinel.Core.State;

/// <summary>
/// Reads what <see cref="MemoryWriter"/> wrote. Damaged input is a <see cref="MemoryFormatException"/>: never a read outside the input, and never an
/// allocation larger than the input that is left. Only the writer's own form is accepted (an integer in more bytes than it needs is refused),
/// so that reading and writing again gives the same bytes. Pass it by reference.
/// </summary>
public ref struct MemoryReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _input;
    private int _position;

    /// <summary>Starts at the first byte.</summary>
    /// <param name="input">What the writer wrote; not copied.</param>
    public MemoryReader(ReadOnlySpan<byte> input)
    {
        _input = input;
        _position = 0;
    }

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _input.Length - _position;

    /// <summary>One byte.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>One byte that must be 0 or 1.</summary>
    public bool ReadBoolean()
    {
        byte value = ReadByte();
        return value <= 1 ? value == 1 : throw Damaged("a truth value that is neither 0 nor 1");
    }

    /// <summary>An unsigned integer of variable length.</summary>
    public ulong ReadVariable()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte group = ReadByte();
            if (shift == 63 && group > 1)
            {
                throw Damaged("an integer of more than 64 bits");
            }

            value |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80)
            {
                return group == 0 && shift > 0 ? throw Damaged("an integer in more bytes than it needs") : value;
            }
        }

        throw Damaged("an integer of more than 64 bits");
    }

    /// <summary>A signed integer of variable length.</summary>
    public long ReadSigned()
    {
        ulong folded = ReadVariable();
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }

    /// <summary>A number of variable length that must fit a non-negative <see cref="int"/>.</summary>
    public int ReadInt32() => ReadVariable() is var value and <= int.MaxValue ? (int)value : throw Damaged("a number over 2³¹ − 1");

    /// <summary>A number of variable length that must fit a non-negative <see cref="long"/>.</summary>
    public long ReadInt64() => ReadVariable() is var value and <= long.MaxValue ? (long)value : throw Damaged("a number over 2⁶³ − 1");

    /// <summary>A moment in UTC.</summary>
    public DateTimeOffset ReadTime() => ReadUInt64() is var ticks && ticks <= (ulong)DateTimeOffset.MaxValue.UtcTicks
        ? new DateTimeOffset((long)ticks, TimeSpan.Zero)
        : throw Damaged("a moment after the year 9999");

    /// <summary>A block as a reader of its own, whatever is in it.</summary>
    public MemoryReader ReadBlock()
    {
        var bytes = ReadUInt32();
        return bytes <= Remaining ? new MemoryReader(Take((int)bytes)) : throw Damaged("a block longer than the input left");
    }

    /// <summary>
    /// A count of items that follow, each of at least <paramref name="bytesEach"/> bytes: refused when the input left cannot hold them, so
    /// that an array of that many may be allocated.
    /// </summary>
    /// <param name="bytesEach">At least 1.</param>
    public int ReadCount(int bytesEach)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesEach, 1);
        ulong count = ReadVariable();
        return count <= (ulong)(Remaining / bytesEach) ? (int)count : throw Damaged("a count that the input left cannot hold");
    }

    /// <summary>Four bytes.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Eight bytes.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Two bytes, any value.</summary>
    public Half ReadHalf() => BinaryPrimitives.ReadHalfLittleEndian(Take(2));

    /// <summary>Four bytes, any value; see <see cref="ReadFinite"/>.</summary>
    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    /// <summary>Eight bytes, any value; see <see cref="ReadFinite"/>.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>Eight bytes that must be a finite number: one NaN let in would spread through a baseline and never leave it.</summary>
    public double ReadFinite()
    {
        double value = ReadDouble();
        return double.IsFinite(value) ? value : throw Damaged("a number that is not finite");
    }

    /// <summary>Eight bytes that must be a number in a range; NaN is in none.</summary>
    /// <param name="least">Least value its owner can have.</param>
    /// <param name="most">Largest value its owner can have.</param>
    public double ReadWithin(double least, double most)
    {
        double value = ReadDouble();
        return value >= least && value <= most ? value : throw Damaged("a number that its owner cannot have");
    }

    /// <summary>A number of variable length that must be at most <paramref name="most"/>.</summary>
    /// <param name="most">Largest value its owner can have.</param>
    public long ReadUpTo(long most) => ReadVariable() is var value && value <= (ulong)most ? (long)value : throw Damaged("a number that its owner cannot have");

    /// <summary>A span of time or a moment as a number of units; at most as many as the calendar has.</summary>
    /// <param name="ticksPerUnit">Length of a unit.</param>
    public long ReadUnits(long ticksPerUnit) => ReadUpTo(DateTimeOffset.MaxValue.UtcTicks / ticksPerUnit);

    /// <summary>As many bytes as asked for; they belong to the input.</summary>
    /// <param name="count">At least 0.</param>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Take(count);
    }

    /// <summary>A length and that many bytes; they belong to the input.</summary>
    public ReadOnlySpan<byte> ReadSpan() => Take(ReadCount(1));

    /// <summary>A length and that many bytes of UTF-8, which must be valid.</summary>
    public string ReadString()
    {
        ReadOnlySpan<byte> bytes = ReadSpan();
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new MemoryFormatException($"Saved memory is damaged: before byte {_position} stands text that is not UTF-8.", exception);
        }
    }

    /// <summary>Refuses input that goes on: the last thing to call.</summary>
    public readonly void ExpectEnd()
    {
        if (Remaining != 0)
        {
            throw Damaged($"{Remaining} more bytes than belong there");
        }
    }

    /// <summary>The exception for a value that was read whole but that its owner cannot have.</summary>
    /// <param name="found">What stands there, as in "a negative weight".</param>
    public readonly MemoryFormatException Damaged(string found)
        => new($"Saved memory is damaged: at byte {_position} stands {found}.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw new MemoryFormatException($"Saved memory is damaged: at byte {_position} it ends, {count - Remaining} bytes too early.");
        }

        ReadOnlySpan<byte> taken = _input.Slice(_position, count);
        _position += count;
        return taken;
    }
}
