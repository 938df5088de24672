using System.Text;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using CsCheck;

namespace AgentSentinel.Core.Tests.Detectors;

public sealed class SecretFormsTests
{
    [Theory]
    [InlineData("key AKIAABCDEFGHIJKLMNOP in a text", "CloudAccessKey")]
    [InlineData("{\\\"token\\\":\\\"ghp_0123456789abcdefghijklmnopqrstuvwxyz\\\"}", "ForgeToken")]
    [InlineData("first line\\nghp_0123456789abcdefghijklmnopqrstuvwxyz\\nlast line", "ForgeToken")]
    [InlineData("first line\\u000aghp_0123456789abcdefghijklmnopqrstuvwxyz", "ForgeToken")]
    [InlineData("first line\\\\nAKIAABCDEFGHIJKLMNOP", "CloudAccessKey")]
    [InlineData("glpat-abcdefghij0123456789", "ForgeToken")]
    [InlineData("xoxb-123456789012-abcdefghijkl", "ChatToken")]
    [InlineData("use sk_live_abcdefghijklmnop0123", "PaymentKey")]
    [InlineData("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLW9mLXRoaXM", "WebToken")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\\nMIIE", "PrivateKey")]
    [InlineData("postgres://app:hunter2secret@db.internal:5432/app", "ConnectionPassword")]
    [InlineData("api_key=9fX2kQ7vLm4Zr8TbWc1Yd6Hs3Np5Jg0A", "RandomKey")]
    public void A_known_form_is_found(string text, string kind) =>
        Assert.Equal(kind, SecretForms.Find(Encoding.UTF8.GetBytes(text), out _, out _).ToString());

    [Theory]
    [InlineData("The quarterly report is at https://www.example.com/reports/2026/q1?page=12345678")]
    [InlineData("2b1f8d0e-3c55-4b52-9b0e-6f1f0c1d2e3f")]
    [InlineData("US133000000121212121212 and GB29NWBK60161331926819")]
    [InlineData("please contact emma.johnson@bluesparrowtech.com")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("the task-management-of-the-whole-organisation")]
    public void Ordinary_text_is_not(string text) => Assert.Equal(SecretKind.None, SecretForms.Find(Encoding.UTF8.GetBytes(text), out _, out _));

    [Fact]
    public void A_secret_is_found_wherever_it_stands() => Gen.Select(Gen.OneOf(Gen.Char["abcxyz0189"], Gen.Char[" ,;\"{}?^|<>%=+-_~ä\u007f"]).Array[0, 300], Gen.Int[0, 300], Gen.Int[0, 100]).Sample(
        (letters, at, after) =>
        {
            // What stands around it must be no token of its own, or secret.
            var around = string.Concat(letters.Select((letter, i) => i % 9 == 0 ? ' ' : letter));
            var (before, behind) = (around[..Math.Min(at, around.Length)], around[..Math.Min(after, around.Length)]);
            var text = Encoding.UTF8.GetBytes($"{before} ghp_0123456789abcdefghijklmnopqrstuvwxyz {behind}");
            Assert.Equal(SecretKind.ForgeToken, SecretForms.Find(text, out var begin, out var length));
            Assert.Equal((Encoding.UTF8.GetByteCount(before) + 1, 40), (begin, length));
            Assert.Equal(SecretKind.None, SecretForms.Find(Encoding.UTF8.GetBytes(around), out _, out _));
        },
        iter: 2000);

    [Fact]
    public void A_finding_names_the_kind_and_a_fingerprint_and_never_the_secret()
    {
        var subject = new Subject(Some.Detectors().Single(detector => detector.Name == "secrets"));
        var finding = subject.Score(Some.ToolCall(action: ToolAction.Send, arguments: "{\"text\":\"ghp_0123456789abcdefghijklmnopqrstuvwxyz\"}"));
        var sentence = subject.Detector.Explain(finding);
        Assert.Contains("code forge's token", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("ghp_", sentence, StringComparison.Ordinal);
        Assert.True(finding.LogReturnPeriod > 4);
    }
}
