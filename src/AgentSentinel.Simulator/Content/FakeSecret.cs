using System.Text;
using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Content;

/// <summary>Makes secrets of well-known formats up. Prefixes are put together here so that no source file holds what a scanner would take for a token.</summary>
internal static class FakeSecret
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Base64 = Letters + "+/";
    private const string Base64Url = Letters + "-_";
    private const string Dashes = "-----";

    public static string Make(SecretKind kind, SeededRandom random) => kind switch
    {
        SecretKind.CloudAccessKey => $"aws_access_key_id={"AK"}IA{"FAKE"}{Text(Upper, 12, random)} aws_secret_access_key={Text(Base64, 40, random)}",
        SecretKind.ForgeToken => $"{"gh"}p_{"FAKE"}{Text(Letters, 32, random)}",
        SecretKind.ChatToken => $"{"xo"}xb-{Text("0123456789", 12, random)}-{Text("0123456789", 12, random)}-{"FAKE"}{Text(Letters, 20, random)}",
        SecretKind.PaymentKey => $"{"sk"}_live_{"FAKE"}{Text(Letters, 20, random)}",
        SecretKind.WebToken => string.Join('.', Encoded("""{"alg":"HS256","typ":"JWT"}"""), Encoded($$"""{"sub":"fake","jti":"{{Text(Letters, 16, random)}}"}"""), Text(Base64Url, 43, random)),
        SecretKind.PrivateKey => $"{Dashes}BEGIN PRIVATE KEY{Dashes}\n{Text(Base64, 64, random)}\n{Text(Base64, 64, random)}\n{Dashes}END PRIVATE KEY{Dashes}",
        SecretKind.ConnectionPassword => $"postgres://reporting:{Text(Letters, 24, random)}@db.fake.example:5432/ledger",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Secret without a format."),
    };

    public static string Text(string alphabet, int length, SeededRandom random) => string.Create(length, (alphabet, random), static (span, from) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = from.alphabet[from.random.Below(from.alphabet.Length)];
        }
    });

    private static string Encoded(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
