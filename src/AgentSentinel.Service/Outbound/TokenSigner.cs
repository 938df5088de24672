using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentSentinel.Service.Outbound;

/// <summary>Signs JSON Web Signatures in compact form: RS256 with an RSA key of 2048 bits or more, ES256 with a key on P-256. Safe to call from several tasks.</summary>
internal sealed class TokenSigner : IDisposable
{
    private const int MinRsaBits = 2048;

    private readonly AsymmetricAlgorithm _key;
    private readonly Lock _gate = new();

    private TokenSigner(AsymmetricAlgorithm key, string? keyId)
    {
        _key = key;
        KeyId = keyId ?? Thumbprint(PublicKey());
    }

    /// <summary>As given, else the key's RFC 7638 thumbprint.</summary>
    public string KeyId { get; }

    public string Algorithm => _key is RSA ? "RS256" : "ES256";

    /// <summary>Reads a private key in PEM. The error says what is wrong and never repeats content.</summary>
    public static bool TryLoad(string file, string? keyId, [NotNullWhen(true)] out TokenSigner? signer, [NotNullWhen(false)] out string? error)
    {
        signer = null;
        if (!SecretFile.TryRead(file, out var pem, out error))
        {
            return false;
        }

        if (Import(RSA.Create(), pem) is { } rsa)
        {
            if (((RSA)rsa).KeySize >= MinRsaBits)
            {
                signer = new TokenSigner(rsa, keyId);
                return true;
            }

            error = $"an RSA key needs at least {MinRsaBits} bits";
            rsa.Dispose();
            return false;
        }

        if (Import(ECDsa.Create(), pem) is { } ec)
        {
            if (((ECDsa)ec).ExportParameters(false).Curve.Oid.Value == "1.2.840.10045.3.1.7")
            {
                signer = new TokenSigner(ec, keyId);
                return true;
            }

            ec.Dispose();
        }

        error = "not a private RSA or P-256 key in PEM";
        return false;
    }

    /// <summary>The key of a file whose options were checked.</summary>
    public static TokenSigner Load(string file, string? keyId) => TryLoad(file, keyId, out var signer, out var error) ? signer : throw new InvalidOperationException($"{file}: {error}.");

    public static IEnumerable<string> Errors(string property, string file)
    {
        var isGood = TryLoad(file, null, out var signer, out var error);
        signer?.Dispose();
        return isGood ? [] : [$"{property}: {error}."];
    }

    /// <param name="type">The header's <c>typ</c>.</param>
    /// <param name="claims">The payload, as JSON.</param>
    public string Sign(string type, ReadOnlySpan<byte> claims)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["alg"] = Algorithm, ["kid"] = KeyId, ["typ"] = type });
        var content = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        var bytes = Encoding.ASCII.GetBytes(content);
        lock (_gate)
        {
            var signature = _key is RSA rsa
                ? rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : ((ECDsa)_key).SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            return $"{content}.{Base64Url.EncodeToString(signature)}";
        }
    }

    /// <summary>The public half as a JSON Web Key.</summary>
    public IReadOnlyDictionary<string, string> PublicJwk() =>
        new Dictionary<string, string>(PublicKey()) { ["kid"] = KeyId, ["alg"] = Algorithm, ["use"] = "sig" };

    public void Dispose() => _key.Dispose();

    private static AsymmetricAlgorithm? Import(AsymmetricAlgorithm key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);

            // A public key imports too, and would fail at the first signature only.
            _ = key is RSA rsa ? rsa.ExportParameters(true).D : ((ECDsa)key).ExportParameters(true).D;
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }

    /// <summary>The members that RFC 7638 makes a thumbprint of, in its order.</summary>
    private SortedDictionary<string, string> PublicKey()
    {
        var jwk = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (_key is RSA rsa)
        {
            var parameters = rsa.ExportParameters(false);
            jwk["kty"] = "RSA";
            jwk["n"] = Base64Url.EncodeToString(parameters.Modulus);
            jwk["e"] = Base64Url.EncodeToString(parameters.Exponent);
        }
        else
        {
            var point = ((ECDsa)_key).ExportParameters(false).Q;
            jwk["kty"] = "EC";
            jwk["crv"] = "P-256";
            jwk["x"] = Base64Url.EncodeToString(point.X);
            jwk["y"] = Base64Url.EncodeToString(point.Y);
        }

        return jwk;
    }

    private static string Thumbprint(SortedDictionary<string, string> jwk) => Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(jwk)));
}
