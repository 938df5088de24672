using System.Buffers.Binary;
using System.Text;

namespace AgentSentinel.Core.State;

/// <summary>
/// Writes memory in the compact binary form that <see cref="MemoryReader"/> reads: little-endian, unsigned integers in groups of seven bits (LEB128),
/// signed ones folded onto them (zigzag), text and spans after their length. The same values give the same bytes on any machine.
/// One owner, who writes one profile after the other into the same buffer: <see cref="Clear"/> keeps it, so that nothing is allocated once it has grown.
/// </summary>
public sealed class MemoryWriter
{
    private byte[] _buffer;
    private int _length;

    /// <summary>An empty writer.</summary>
    /// <param name="capacity">Bytes to begin with, at least 16; the buffer doubles when it is full.</param>
    public MemoryWriter(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 16);
        _buffer = new byte[capacity];
    }

    /// <summary>What was written since the last <see cref="Clear"/>. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    public int Length => _length;

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear() => _length = 0;

    /// <summary>One byte.</summary>
    public void WriteByte(byte value) => Reserve(1)[0] = value;

    /// <summary>One byte, 0 or 1.</summary>
    public void WriteBoolean(bool value) => Reserve(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>An unsigned integer in 1 byte below 128, 2 below 16 384, … 10 at most.</summary>
    public void WriteVariable(ulong value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        WriteByte((byte)value);
    }

    /// <summary>A signed integer in 1 byte from −64 to 63, … 10 at most.</summary>
    public void WriteSigned(long value) => WriteVariable((ulong)(value << 1) ^ (ulong)(value >> 63));

    /// <summary>A moment, to the tick, in UTC.</summary>
    public void WriteTime(DateTimeOffset value) => WriteUInt64((ulong)value.UtcTicks);

    /// <summary>Four bytes.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    /// <summary>Eight bytes.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    /// <summary>Two bytes, bit for bit, NaN and infinities included.</summary>
    public void WriteHalf(Half value) => BinaryPrimitives.WriteHalfLittleEndian(Reserve(2), value);

    /// <summary>Four bytes, bit for bit, NaN and infinities included.</summary>
    public void WriteSingle(float value) => BinaryPrimitives.WriteSingleLittleEndian(Reserve(4), value);

    /// <summary>Eight bytes, bit for bit, NaN and infinities included.</summary>
    public void WriteDouble(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Reserve(8), value);

    /// <summary>The bytes themselves without a length: the reader must know it.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    /// <summary>The length, then the bytes.</summary>
    public void WriteSpan(ReadOnlySpan<byte> value)
    {
        WriteVariable((ulong)value.Length);
        WriteBytes(value);
    }

    /// <summary>The length in bytes, then UTF-8. Half a surrogate pair is not text and becomes U+FFFD.</summary>
    public void WriteString(ReadOnlySpan<char> value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        WriteVariable((ulong)bytes);
        Encoding.UTF8.GetBytes(value, Reserve(bytes));
    }

    /// <summary>Begins a block that a reader can take or skip as a whole, whatever is in it.</summary>
    /// <returns>What <see cref="EndBlock"/> wants.</returns>
    public int BeginBlock()
    {
        WriteUInt32(0);
        return _length;
    }

    /// <summary>Ends the block that was begun last.</summary>
    public void EndBlock(int begin) => BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(begin - 4), (uint)(_length - begin));

    private Span<byte> Reserve(int count)
    {
        if (count > _buffer.Length - _length)
        {
            long wanted = Math.Max(2L * _buffer.Length, (long)_length + count);
            Array.Resize(ref _buffer, checked((int)Math.Min(wanted, Math.Max(Array.MaxLength, (long)_length + count))));
        }

        Span<byte> reserved = _buffer.AsSpan(_length, count);
        _length += count;
        return reserved;
    }
}
