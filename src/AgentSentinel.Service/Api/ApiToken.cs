using System.Security.Cryptography;
using System.Text;

namespace AgentSentinel.Service.Api;

/// <summary>A bearer token as its file knows it: by its hash, not by itself.</summary>
/// <param name="Name">Who it stands for.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Sha256">SHA-256 of the token in hexadecimal. Fast on purpose: a token has 256 random bits, which nobody guesses.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record ApiToken(string Name, Role Role, string Sha256, DateTimeOffset ExpiresAt)
{
    /// <summary>What tokens begin with, so that scanners for leaked secrets know them.</summary>
    public const string Prefix = "sat_";

    /// <summary>Makes a token.</summary>
    /// <returns>What is given away, once, and what is kept.</returns>
    public static (string Secret, ApiToken Token) Create(string name, Role role, DateTimeOffset expiresAt)
    {
        var secret = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return (secret, new ApiToken(name, role, Hash(secret), expiresAt));
    }

    internal static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
