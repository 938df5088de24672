using System.Text;
using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class FingerprintTests
{
    // SipHash-2-4, vectors_sip64 of the authors' reference implementation: key 00 … 0f, message of i bytes 00 01 02 …
    private static readonly ulong[] Official =
    [
        0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d,
        0xcf2794e0277187b7, 0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137,
        0x93f5f5799a932462, 0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
        0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee, 0xa129ca6149be45e5,
        0x3f2acc7f57c29bdb, 0x699ae9f52cbe4794, 0x4bc1b3f0968dd39c, 0xbb6dc91da77961bd,
        0xbed65cf21aa2ee98, 0xd0f2cbb02e3b67c7, 0x93536795e3a33e88, 0xa80c038ccd5ccec8,
        0xb8ad50c6f649af94, 0xbce192de8a85b8ea, 0x17d835b85bbb15f3, 0x2f2e6163076bcfad,
        0xde4daaaca71dc9a5, 0xa6a2506687956571, 0xad87a3535c49ef28, 0x32d892fad841c342,
        0x7127512f72f27cce, 0xa7f32346f95978e3, 0x12e0b01abb051238, 0x15e034d40fa197ae,
        0x314dffbe0815a3b4, 0x027990f029623981, 0xcadcd4e59ef40c4d, 0x9abfd8766a33735c,
        0x0e3ea96b5304a7d0, 0xad0c42d6fc585992, 0x187306c89bc215a9, 0xd4a60abcf3792b95,
        0xf935451de4f21df2, 0xa9538f0419755787, 0xdb9acddff56ca510, 0xd06c98cd5c0975eb,
        0xe612a3cb9ecba951, 0xc766e62cfcadaf96, 0xee64435a9752fe72, 0xa192d576b245165a,
        0x0a8787bf8ecb74b2, 0x81b3e73d20b49b6f, 0x7fa8220ba3b2ecea, 0x245731c13ca42499,
        0xb78dbfaf3a8d83bd, 0xea1ad565322a1a0b, 0x60e61c23a3795013, 0x6606d7e446282b93,
        0x6ca4ecb15c5f91e1, 0x9f626da15c9625f3, 0xe51b38608ef25f57, 0x958a324ceb064572,
    ];

    private static readonly FingerprintKey Key = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);

    [Fact]
    public void The_official_vectors_hold()
    {
        byte[] message = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];
        for (int i = 0; i < Official.Length; i++)
        {
            Assert.Equal(Official[i], Fingerprint.Of(Key, message.AsSpan(0, i)));
        }
    }

    [Fact]
    public void Text_has_the_fingerprint_of_its_bytes_whatever_its_length()
        => Gen.Select(Gen.String, Gen.String[Gen.Char['a', 'z'], 0, 700], Gen.String[Gen.Char['\u0400', '\u9fff'], 0, 400])
            .Sample((any, latin, wide) =>
            {
                foreach (string text in (string[])[any, latin, wide, latin + "😀" + wide + "😀" + any])
                {
                    Assert.Equal(Fingerprint.Of(Key, Encoding.UTF8.GetBytes(text)), Fingerprint.Of(Key, text));
                }
            }, iter: 1000);

    [Fact]
    public void A_pair_of_surrogates_on_the_edge_of_a_chunk_stays_together()
    {
        for (int before = 240; before < 270; before++)
        {
            string text = new string('x', before) + "😀😀" + new string('é', 300) + "\ud800";
            Assert.Equal(Fingerprint.Of(Key, Encoding.UTF8.GetBytes(text)), Fingerprint.Of(Key, text));
        }
    }

    [Fact]
    public void Another_key_gives_another_fingerprint()
        => Assert.NotEqual(Fingerprint.Of(Key, "reports"), Fingerprint.Of(new FingerprintKey(1, 2), "reports"));

    [Fact]
    public void Nothing_is_allocated()
    {
        string text = new('é', 1000);
        Fingerprint.Of(Key, text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Fingerprint.Of(Key, text);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_key_is_derived_from_the_secret_the_same_way_forever()
    {
        // HMAC-SHA-256 of the label with key 00 … 0f, first 16 bytes (computed with another implementation).
        byte[] secret = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        Assert.Equal(new FingerprintKey(0x94931ce21163758a, 0xaaf84ae629e8eff4), FingerprintKey.FromSecret(secret));
    }

    [Fact]
    public void A_short_secret_is_refused()
        => Assert.Throws<ArgumentException>(() => FingerprintKey.FromSecret("fifteen bytes ."u8));

    [Fact]
    public void The_text_of_a_key_says_nothing_of_it()
        => Assert.DoesNotContain(Key.K0.ToString("x", System.Globalization.CultureInfo.InvariantCulture), Key.ToString());
}
