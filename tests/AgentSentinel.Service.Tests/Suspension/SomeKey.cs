using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentSentinel.Service.Tests.Suspension;

/// <summary>Keys of the tests, and a reader of signed tokens that knows nothing of how ours are made.</summary>
internal static class SomeKey
{
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static string RsaPem => Rsa.ExportPkcs8PrivateKeyPem();

    public static string EcPem => Ec.ExportPkcs8PrivateKeyPem();

    /// <summary>Header and claims of a token whose signature is good under a JSON Web Key.</summary>
    public static (JsonElement Header, JsonElement Claims) Verify(string token, JsonElement jwk)
    {
        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement;
        var content = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        var signature = Base64Url.DecodeFromChars(parts[2]);
        Assert.Equal(jwk.GetProperty("kid").GetString(), header.GetProperty("kid").GetString());
        Assert.Equal(jwk.GetProperty("alg").GetString(), header.GetProperty("alg").GetString());
        Assert.False(jwk.TryGetProperty("d", out _), "A private key was published.");
        if (jwk.GetProperty("kty").GetString() == "RSA")
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes("n"), Exponent = Bytes("e") });
            Assert.Equal("RS256", header.GetProperty("alg").GetString());
            Assert.True(rsa.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
        else
        {
            using var ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Bytes("x"), Y = Bytes("y") } });
            Assert.Equal("ES256", header.GetProperty("alg").GetString());
            Assert.True(ec.VerifyData(content, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }

        return (header, JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement);

        byte[] Bytes(string name) => Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());
    }

    /// <summary>The claims of a token signed with the RSA key of the tests.</summary>
    public static JsonElement ClaimsOf(string token)
    {
        var parts = token.Split('.');
        Assert.True(Rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
    }
}
