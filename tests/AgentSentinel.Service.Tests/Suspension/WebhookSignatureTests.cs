using System.Security.Cryptography;
using System.Text;
using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class WebhookSignatureTests
{
    // The vector that the reference libraries of Standard Webhooks test with.
    private const string VectorSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string VectorId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string VectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const long VectorTimestamp = 1614265330;

    private static readonly byte[] VectorBody = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
    private static readonly DateTimeOffset VectorTime = DateTimeOffset.FromUnixTimeSeconds(VectorTimestamp);
    private static readonly WebhookSecret Vector = WebhookSecret.Parse(VectorSecret);

    [Fact]
    public void The_reference_vector_is_signed_as_the_reference_libraries_sign_it() =>
        Assert.Equal(VectorSignature, WebhookSignature.Sign([Vector], VectorId, VectorTime, VectorBody));

    [Fact]
    public void The_reference_vector_is_verified() => Assert.Equal(SignatureVerdict.Valid, Verify());

    [Fact]
    public void A_changed_body_is_not_signed() => Assert.Equal(SignatureVerdict.NoMatch, Verify(body: Encoding.UTF8.GetBytes("""{"test":2432232314}""")));

    [Fact]
    public void A_changed_id_is_not_signed() => Assert.Equal(SignatureVerdict.NoMatch, Verify(id: VectorId + "x"));

    [Fact]
    public void A_changed_timestamp_is_not_signed() => Assert.Equal(SignatureVerdict.NoMatch, Verify(timestamp: "1614265331"));

    [Fact]
    public void Bytes_cannot_be_moved_between_id_and_timestamp()
    {
        var signature = WebhookSignature.Sign([Vector], "a.1614265330", VectorTime, VectorBody);
        Assert.Equal(SignatureVerdict.NoMatch, Verify(id: "a.1614265330", signature: signature));
    }

    [Theory]
    [InlineData("v1,")]
    [InlineData("v1,AAAA")]
    [InlineData("v1,not base64!")]
    [InlineData("v1")]
    [InlineData("   ")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void A_signature_that_is_malformed_or_of_another_version_does_not_count(string signature) =>
        Assert.Equal(SignatureVerdict.NoMatch, Verify(signature: signature));

    [Fact]
    public void Signatures_of_unknown_versions_beside_a_good_one_are_passed_over() =>
        Assert.Equal(SignatureVerdict.Valid, Verify(signature: $"v1a,AAAA v9,zzz  {VectorSignature} v1,AAAA"));

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void Five_minutes_are_tolerated_both_ways(int secondsLater, bool isValid) =>
        Assert.Equal(isValid ? SignatureVerdict.Valid : SignatureVerdict.OutsideTolerance, Verify(now: VectorTime.AddSeconds(secondsLater)));

    [Theory]
    [InlineData("now")]
    [InlineData("1614265330.5")]
    [InlineData("-1614265330")]
    [InlineData(" 1614265330")]
    [InlineData("99999999999999999999999")]
    public void A_timestamp_that_is_no_whole_number_is_refused(string timestamp) =>
        Assert.Equal(SignatureVerdict.MalformedTimestamp, Verify(timestamp: timestamp));

    [Fact]
    public void The_largest_timestamp_is_refused_without_overflow() =>
        Assert.Equal(SignatureVerdict.OutsideTolerance, Verify(timestamp: long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Each_of_the_three_headers_is_needed()
    {
        Assert.Equal(SignatureVerdict.MissingHeader, WebhookSignature.Verify([Vector], null, "1614265330", VectorSignature, VectorBody, VectorTime));
        Assert.Equal(SignatureVerdict.MissingHeader, WebhookSignature.Verify([Vector], VectorId, "", VectorSignature, VectorBody, VectorTime));
        Assert.Equal(SignatureVerdict.MissingHeader, WebhookSignature.Verify([Vector], VectorId, "1614265330", null, VectorBody, VectorTime));
    }

    [Fact]
    public void During_a_rotation_a_receiver_may_know_the_old_or_the_new_secret()
    {
        var renewed = WebhookSecret.Parse(WebhookSecret.Generate());
        var stranger = WebhookSecret.Parse(WebhookSecret.Generate());
        var signature = WebhookSignature.Sign([renewed, Vector], VectorId, VectorTime, VectorBody);

        Assert.Equal(2, signature.Split(' ').Length);
        Assert.EndsWith(VectorSignature, signature, StringComparison.Ordinal);
        Assert.Equal(SignatureVerdict.Valid, Verify(signature: signature));
        Assert.Equal(SignatureVerdict.Valid, Verify(signature: signature, secrets: [renewed]));
        Assert.Equal(SignatureVerdict.Valid, Verify(signature: signature, secrets: [stranger, renewed]));
        Assert.Equal(SignatureVerdict.NoMatch, Verify(signature: signature, secrets: [stranger]));
        Assert.Equal(SignatureVerdict.NoMatch, Verify(signature: signature, secrets: []));
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool isValid) =>
        Assert.Equal(isValid, WebhookSecret.TryParse("whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes)), out _, out _));

    [Fact]
    public void A_secret_does_not_print_itself() => Assert.Equal("whsec_***", Vector.ToString());

    private static SignatureVerdict Verify(
        string id = VectorId, string timestamp = "1614265330", string signature = VectorSignature, byte[]? body = null, DateTimeOffset? now = null, WebhookSecret[]? secrets = null) =>
        WebhookSignature.Verify(secrets ?? [Vector], id, timestamp, signature, body ?? VectorBody, now ?? VectorTime);
}
