using System.Text;
using AgentSentinel.Core.State;
using CsCheck;

namespace AgentSentinel.Core.Tests.State;

public sealed class MemoryReaderTests
{
    [Fact]
    public void Everything_written_comes_back()
        => Gen.Select(
            Gen.Select(Gen.Byte, Gen.Bool, Gen.ULong, Gen.Long),
            Gen.Select(Gen.UInt, Gen.ULong, Gen.Double, Gen.Single),
            Gen.Byte.Array[0, 300],
            Gen.String[Gen.Char['\0', '\ud7ff'], 0, 200]).Sample((integers, numbers, bytes, text) =>
        {
            var writer = new MemoryWriter(16);
            writer.WriteByte(integers.Item1);
            writer.WriteBoolean(integers.Item2);
            writer.WriteVariable(integers.Item3);
            writer.WriteSigned(integers.Item4);
            writer.WriteUInt32(numbers.Item1);
            writer.WriteUInt64(numbers.Item2);
            writer.WriteDouble(numbers.Item3);
            writer.WriteSingle(numbers.Item4);
            writer.WriteHalf((Half)numbers.Item4);
            writer.WriteSpan(bytes);
            writer.WriteBytes(bytes);
            writer.WriteString(text);

            var reader = new MemoryReader(writer.Written);
            Assert.Equal(integers.Item1, reader.ReadByte());
            Assert.Equal(integers.Item2, reader.ReadBoolean());
            Assert.Equal(integers.Item3, reader.ReadVariable());
            Assert.Equal(integers.Item4, reader.ReadSigned());
            Assert.Equal(numbers.Item1, reader.ReadUInt32());
            Assert.Equal(numbers.Item2, reader.ReadUInt64());
            Assert.Equal(numbers.Item3, reader.ReadDouble());
            Assert.Equal(numbers.Item4, reader.ReadSingle());
            Assert.Equal((Half)numbers.Item4, reader.ReadHalf());
            Assert.Equal(bytes, reader.ReadSpan().ToArray());
            Assert.Equal(bytes, reader.ReadBytes(bytes.Length).ToArray());
            Assert.Equal(text, reader.ReadString());
            reader.ExpectEnd();
            Assert.Equal(writer.Length, reader.Position);
        }, iter: 2000);

    [Theory]
    [InlineData(0ul, 1)]
    [InlineData(127ul, 1)]
    [InlineData(128ul, 2)]
    [InlineData(16383ul, 2)]
    [InlineData(16384ul, 3)]
    [InlineData(ulong.MaxValue, 10)]
    public void An_integer_takes_the_bytes_it_needs(ulong value, int bytes)
    {
        var writer = new MemoryWriter();
        writer.WriteVariable(value);
        Assert.Equal(bytes, writer.Length);
        Assert.Equal(value, new MemoryReader(writer.Written).ReadVariable());
    }

    [Theory]
    [InlineData(0L, 1)]
    [InlineData(-64L, 1)]
    [InlineData(63L, 1)]
    [InlineData(64L, 2)]
    [InlineData(long.MinValue, 10)]
    [InlineData(long.MaxValue, 10)]
    public void A_signed_integer_takes_the_bytes_it_needs(long value, int bytes)
    {
        var writer = new MemoryWriter();
        writer.WriteSigned(value);
        Assert.Equal(bytes, writer.Length);
        Assert.Equal(value, new MemoryReader(writer.Written).ReadSigned());
    }

    [Fact]
    public void The_bytes_are_the_same_on_any_machine()
    {
        var writer = new MemoryWriter();
        writer.WriteUInt32(0x01020304);
        writer.WriteVariable(300);
        writer.WriteSigned(-2);
        writer.WriteDouble(1);
        writer.WriteString("é");
        Assert.Equal("04030201AC0203000000000000F03F02C3A9", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void Not_a_number_and_the_infinities_come_back_bit_for_bit_but_not_as_finite()
    {
        foreach (double value in (double[])[double.NaN, double.PositiveInfinity, -0.0, double.Epsilon])
        {
            var writer = new MemoryWriter();
            writer.WriteDouble(value);
            Assert.Equal(BitConverter.DoubleToUInt64Bits(value), BitConverter.DoubleToUInt64Bits(new MemoryReader(writer.Written).ReadDouble()));
            if (!double.IsFinite(value))
            {
                Refuses(writer.Written.ToArray(), (ref MemoryReader reader) => reader.ReadFinite());
            }
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        var writer = new MemoryWriter();
        writer.WriteString("a\ud800b");
        Assert.Equal("a\ufffdb", new MemoryReader(writer.Written).ReadString());
    }

    [Fact]
    public void Memory_that_ends_too_early_is_refused_wherever_it_ends()
    {
        var writer = new MemoryWriter();
        writer.WriteUInt64(1);
        writer.WriteVariable(ulong.MaxValue);
        writer.WriteString("a name of some length");
        for (int length = 0; length < writer.Length; length++)
        {
            Refuses(writer.Written[..length].ToArray(), (ref MemoryReader reader) =>
            {
                reader.ReadUInt64();
                reader.ReadVariable();
                reader.ReadString();
            });
        }
    }

    [Fact]
    public void Bad_integers_are_refused()
    {
        // Eleven groups; a tenth group over 1; more bytes than needed.
        Refuses([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x81, 0x01], (ref MemoryReader reader) => reader.ReadVariable());
        Refuses([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], (ref MemoryReader reader) => reader.ReadVariable());
        Refuses([0x80, 0x00], (ref MemoryReader reader) => reader.ReadVariable());
    }

    [Fact]
    public void A_length_beyond_the_input_is_refused_before_anything_is_allocated()
    {
        var writer = new MemoryWriter();
        writer.WriteVariable(int.MaxValue);
        writer.WriteByte(1);
        byte[] saved = writer.Written.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuses(saved, (ref MemoryReader reader) => reader.ReadString());
        Refuses(saved, (ref MemoryReader reader) => reader.ReadSpan());
        Refuses(saved, (ref MemoryReader reader) => reader.ReadCount(8));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Refuses([0x02, 1, 2, 3, 4, 5, 6, 7], (ref MemoryReader reader) => reader.ReadCount(4));
    }

    [Fact]
    public void Other_values_that_cannot_be_are_refused()
    {
        Refuses([2], (ref MemoryReader reader) => reader.ReadBoolean());
        Refuses([2, 0xc3, 0x28], (ref MemoryReader reader) => reader.ReadString());
        Refuses([1, 2], (ref MemoryReader reader) =>
        {
            reader.ReadByte();
            reader.ExpectEnd();
        });
    }

    [Fact]
    public void Garbage_is_read_within_its_bounds_or_refused()
        => Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 12].Array[1, 12]).Sample((garbage, calls) =>
        {
            var reader = new MemoryReader(garbage);
            try
            {
                foreach (int call in calls)
                {
                    Call(ref reader, call);
                }
            }
            catch (MemoryFormatException exception)
            {
                Assert.Contains("byte", exception.Message, StringComparison.Ordinal);
            }

            Assert.InRange(reader.Position, 0, garbage.Length);
            Assert.Equal(garbage.Length, reader.Position + reader.Remaining);
        }, iter: 20_000);

    [Fact]
    public void What_is_read_from_garbage_is_written_the_same()
        => Gen.Byte.Array[0, 20].Sample(garbage =>
        {
            var reader = new MemoryReader(garbage);
            var writer = new MemoryWriter();
            try
            {
                ulong integer = reader.ReadVariable();
                string text = reader.ReadString();
                writer.WriteVariable(integer);
                writer.WriteString(text);
            }
            catch (MemoryFormatException)
            {
                return;
            }

            Assert.Equal(garbage[..reader.Position], writer.Written.ToArray());
        }, iter: 20_000);

    private delegate void Reading(ref MemoryReader reader);

    private static void Refuses(byte[] saved, Reading reading)
        => Assert.Throws<MemoryFormatException>(() =>
        {
            var reader = new MemoryReader(saved);
            reading(ref reader);
        });

    private static void Call(ref MemoryReader reader, int call)
    {
        switch (call)
        {
            case 0: reader.ReadByte(); break;
            case 1: reader.ReadBoolean(); break;
            case 2: reader.ReadVariable(); break;
            case 3: reader.ReadSigned(); break;
            case 4: reader.ReadCount(3); break;
            case 5: reader.ReadUInt32(); break;
            case 6: reader.ReadUInt64(); break;
            case 7: reader.ReadHalf(); break;
            case 8: reader.ReadSingle(); break;
            case 9: reader.ReadFinite(); break;
            case 10: Assert.True(Encoding.UTF8.GetByteCount(reader.ReadString()) <= 60); break;
            case 11: reader.ReadSpan(); break;
            default: reader.ReadBytes(5); break;
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.001)]
    [InlineData(5.001)]
    public void A_number_outside_its_range_is_refused(double value)
    {
        var writer = new MemoryWriter();
        writer.WriteDouble(value);
        var bytes = writer.Written.ToArray();
        Assert.Throws<MemoryFormatException>(() => new MemoryReader(bytes).ReadWithin(0, 5));
    }

    [Theory]
    [InlineData(0ul, true)]
    [InlineData(7ul, true)]
    [InlineData(8ul, false)]
    [InlineData(ulong.MaxValue, false)]
    public void A_count_over_its_limit_is_refused(ulong value, bool isRead)
    {
        var writer = new MemoryWriter();
        writer.WriteVariable(value);
        var bytes = writer.Written.ToArray();
        if (isRead)
        {
            Assert.Equal((long)value, new MemoryReader(bytes).ReadUpTo(7));
        }
        else
        {
            Assert.Throws<MemoryFormatException>(() => new MemoryReader(bytes).ReadUpTo(7));
        }
    }
}
