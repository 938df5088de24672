using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Events;
using CsCheck;

namespace AgentSentinel.Core.Tests.Events;

public sealed class ToolCallDecoderFuzzTests
{
    private const int Mutations = 100_000;

    private static readonly byte[][] Seeds = [.. new[] { SomeRecord.Minimal, SomeRecord.Request, SomeRecord.Full, SomeRecord.Injected }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Tokens = [.. new[]
    {
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud83d", "\\ude00", "\\u0069d", "null", "true", "1e999", "-0", "-1", "0.5", "1E3", "é", "漢", "😀",
        "\"id\":\"x\",", "\"time\":null,", "\"\":{},", "\"labels\":[{}],", "\"records\":7,", "\"records\":", "\"resources\":[\"\",\"a\"],", "\"kind\":\"request\",",
        "\"arguments\":{\"a\":[1]},", "T", "Z", "+23:59", "60", "9999", " ", "\n", "\t", "\uFEFF", "\u007f", "\u0085", "//", "\0",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly Gen<byte[]> Record =
        from seed in Gen.OneOfConst(Seeds)
        from mutations in Mutation.Array[1, 4]
        select mutations.Aggregate(seed, (record, mutate) => mutate(record));

    private static readonly JsonDocumentOptions AsDeepAsTheDecoder = new() { MaxDepth = 32 };

    private static Gen<Func<byte[], byte[]>> Mutation => Gen.OneOf(Flip, Truncate, Splice, Swap, Insert, Drop);

    private static Gen<Func<byte[], byte[]>> Flip =>
        Gen.Select(Gen.Double.Unit, Gen.Byte).Select<double, byte, Func<byte[], byte[]>>((at, value) => record =>
            record.Length == 0 ? record : [.. record[..At(record, at)], value, .. record[(At(record, at) + 1)..]]);

    private static Gen<Func<byte[], byte[]>> Truncate =>
        Gen.Double.Unit.Select<double, Func<byte[], byte[]>>(at => record => record[..At(record, at)]);

    private static Gen<Func<byte[], byte[]>> Splice =>
        Gen.Select(Gen.Double.Unit, Gen.Double.Unit, Gen.OneOfConst(Seeds)).Select<double, double, byte[], Func<byte[], byte[]>>((at, from, other) => record =>
            [.. record[..At(record, at)], .. other[At(other, from)..]]);

    // Two members of the object change places: almost always still an event.
    private static Gen<Func<byte[], byte[]>> Swap =>
        Gen.Select(Gen.Double.Unit, Gen.Double.Unit).Select<double, double, Func<byte[], byte[]>>((first, second) => record =>
        {
            string[] parts = Encoding.Latin1.GetString(record).Split(',');
            int a = (int)(first * parts.Length);
            int b = (int)(second * parts.Length);
            (parts[a], parts[b]) = (parts[b], parts[a]);
            return Encoding.Latin1.GetBytes(string.Join(',', parts));
        });

    private static Gen<Func<byte[], byte[]>> Insert =>
        Gen.Select(Gen.Double.Unit, Gen.Bool, Gen.OneOfConst(Tokens)).Select<double, bool, byte[], Func<byte[], byte[]>>((at, isFirst, token) => record =>
        {
            int index = isFirst ? Math.Min(1, record.Length) : At(record, at);
            return [.. record[..index], .. token, .. record[index..]];
        });

    private static Gen<Func<byte[], byte[]>> Drop =>
        Gen.Select(Gen.Double.Unit, Gen.Int[1, 12]).Select<double, int, Func<byte[], byte[]>>((at, count) => record =>
            [.. record[..At(record, at)], .. record[Math.Min(record.Length, At(record, at) + count)..]]);

    [Fact]
    public void No_mutation_throws_and_what_is_accepted_means_what_its_json_says()
    {
        var decoder = new ToolCallDecoder(new DecoderOptions());
        var call = new ToolCall();
        int accepted = 0;
        Record.Sample(
            record =>
            {
                if (decoder.TryDecode(record, SomeRecord.ReceivedAt, call, out DecodeError error))
                {
                    accepted++;
                    using var document = JsonDocument.Parse(WithoutMark(record), AsDeepAsTheDecoder);
                    DecodedAgreement.Check(document.RootElement, call);
                }
                else
                {
                    AssertRefusalIsDue(record, error);
                }
            },
            seed: "0000KOIeLp54", iter: Mutations, threads: 1, print: record => Convert.ToBase64String(record));

        // A fuzz that no longer reaches the inside proves nothing.
        Assert.InRange(accepted, Mutations / 20, Mutations);
    }

    private static void AssertRefusalIsDue(byte[] record, DecodeError error)
    {
        Assert.NotEqual("none", error.ReasonName);
        bool isJson = true;
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(record), AsDeepAsTheDecoder);
        }
        catch (JsonException)
        {
            isJson = false;
        }

        if (error.Reason is DecodeErrorReason.MalformedJson or DecodeErrorReason.Empty)
        {
            Assert.False(isJson, "JSON was called malformed.");
        }
        else if (error.Reason == DecodeErrorReason.NotAnObject)
        {
            Assert.True(isJson, "Malformed JSON was called another kind of JSON.");
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] record) =>
        record.AsMemory(record.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);

    private static int At(byte[] record, double share) => (int)(share * record.Length);
}
