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
    [InlineData("use whsec_QmRtYkXWbLdNNpoEzzVcTrKs", "PaymentKey")]
    [InlineData("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLW9mLXRoaXM", "WebToken")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\\nMIIE", "PrivateKey")]
    [InlineData("postgres://app:hunter2secret@db.internal:5432/app", "ConnectionPassword")]
    [InlineData("api_key=9fX2kQ7vLm4Zr8TbWc1Yd6Hs3Np5Jg0A", "RandomKey")]
    [InlineData("glrt-abcdefghij0123456789", "ForgeToken")]
    [InlineData("https://ghp_0123456789abcdefghijklmnopqrstuvwxyz@github.com/acme/api-of-the-organisation", "ForgeToken")]
    [InlineData("https://x-access-token:ghs_0123456789abcdefghijklmnopqrstuvwxyz@github.com/acme/api-of-the-organisation", "ForgeToken")]
    [InlineData("https://hooks.slack.com/services/T00000000/B00000000/aB3dE5fG7hJ9kLmN2pQrS4tU", "ChatToken")]
    [InlineData("rk_test_aB3dE5fG7hJ9kLmN2pQrS4tU", "PaymentKey")]
    [InlineData("sk-proj-aB3dE5fG7hJ9kLmN2pQrS4tUvW6x_Yz8aB3dE5fG7hJ9kLm", "ModelKey")]
    [InlineData("sk-ant-api03-aB3dE5fG7hJ9kLmN2pQrS4tUvW6x_Yz8aB3dE5fG7hJ9kLm", "ModelKey")]
    [InlineData("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "CloudAccessKey")]
    [InlineData("ya29.a0aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8aB3dE5fG7hJ9kLmN2pQrS4tU", "CloudAccessKey")]
    [InlineData("AZURE_CLIENT_SECRET=abc8Q~aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8aB3", "CloudAccessKey")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=x;AccountKey=aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8+aB3dE5fG7hJ9/kLmN2pQrS4tUvW6xYz8aB3dE5fG7hJ9kLmN2pQrS4tU==;", "CloudAccessKey")]
    [InlineData("SG.aB3dE5fG7hJ9kLmN2pQrS4.aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8aB3dE5fG7hJ9", "PackageToken")]
    [InlineData("hvs.CAESIaB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8", "PackageToken")]
    [InlineData("dckr_pat_aB3dE5fG7hJ9kLmN2pQrS4tUvW6", "PackageToken")]
    [InlineData("-----BEGIN PGP PRIVATE KEY BLOCK-----", "PrivateKey")]
    [InlineData("-----END PRIVATE KEY-----\\n-----BEGIN OPENSSH PRIVATE KEY-----\\nb3Bl", "PrivateKey")]
    [InlineData("redis://:hunter2secret@cache:6379/0", "ConnectionPassword")]
    [InlineData("Server=db;Database=app;User Id=app;Password=hunter2!;Encrypt=True", "ConnectionPassword")]
    [InlineData("host=db user=app password=hunter2 dbname=app", "ConnectionPassword")]
    [InlineData("Authorization: Basic YXBwOmh1bnRlcjJzZWNyZXQ=", "ConnectionPassword")]
    public void A_known_form_is_found(string text, string kind) =>
        Assert.Equal(kind, SecretForms.Find(Encoding.UTF8.GetBytes(text), out _, out _).ToString());

    [Theory]
    [InlineData("The quarterly report is at https://www.example.com/reports/2026/q1?page=12345678")]
    [InlineData("2b1f8d0e-3c55-4b52-9b0e-6f1f0c1d2e3f")]
    [InlineData("US133000000121212121212 and GB29NWBK60161331926819")]
    [InlineData("please contact emma.johnson@bluesparrowtech.com")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("the task-management-of-the-whole-organisation")]
    [InlineData("class=\\\"sk-folding-cube-item-12 sk-circle-fade-dot-12345\\\"")]
    [InlineData("sk-SK-translation-memory-2026-01")]
    [InlineData("from hf_transformers_model_v2 import load")]
    [InlineData("npm_config_registry_and_other_long_settings1")]
    [InlineData("pypi-publish-workflow-for-the-whole-organisation-2026")]
    [InlineData("sk_test_environment_setup_guide and whsec_signing_secret_of_endpoint")]
    [InlineData("sk-settingsOfTheAccountOfTheOrganisation and whsec_SettingsOfTheHttpEndpointForUrls")]
    [InlineData("npm_CONFIG_REGISTRYANDALLTHATBELONGSTOIT and hf_modelOfTheWorldsLargestOpenHub")]
    [InlineData("\"integrity\": \"sha512-aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8==\"")]
    [InlineData("image@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIaB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8aB3dE5fG7hJ9 bob@host")]
    [InlineData("Server=db;Database=app;Trusted_Connection=True;Password=;Encrypt=True")]
    [InlineData("Server=db;Database=app;Password=${DB_PASSWORD};Encrypt=True")]
    [InlineData("reset it at https://www.example.com/reset?password=forgotten")]
    [InlineData("Authorization: Basic authentication-is-used-here")]
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

    [Theory]
    [InlineData("csrf_token=9fX2kQ7vLm4Zr8TbWc1Yd6Hs3Np5Jg0A and ghp_0123456789abcdefghijklmnopqrstuvwxyz", "ForgeToken")]
    [InlineData("csrf_token=9fX2kQ7vLm4Zr8TbWc1Yd6Hs3Np5Jg0A and -----BEGIN RSA PRIVATE KEY-----", "PrivateKey")]
    [InlineData("PRIVATE KEY----- is how it ends: -----BEGIN RSA PRIVATE KEY-----", "PrivateKey")]
    public void What_looks_a_little_like_a_secret_does_not_hide_one(string text, string kind) =>
        Assert.Equal(kind, SecretForms.Find(Encoding.UTF8.GetBytes(text), out _, out _).ToString());

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
