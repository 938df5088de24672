using AgentSentinel.Service.Api;
using AgentSentinel.Service.Tests.Suspension;

namespace AgentSentinel.Service.Tests.Api;

public sealed class ApiOptionsTests : IDisposable
{
    private readonly TemporaryFile _tokens = new();
    private readonly TemporaryFile _certificate = new();

    public ApiOptionsTests()
    {
        ApiTokens.Add(_tokens.Path, ApiToken.Create("ann", Role.Admin, DateTimeOffset.MaxValue).Token);
        TestCertificate.Write(_certificate.Path);
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData("http://0.0.0.0:8081")]
    [InlineData("http://[::]:8081")]
    [InlineData("http://192.0.2.7:8081")]
    [InlineData("http://sentinel.example.com:8081")]
    [InlineData("http://*:8081")]
    [InlineData("http://+:8081")]
    [InlineData("https://0.0.0.0:8443")]
    public void Beyond_loopback_nothing_starts_without_authentication(string url)
    {
        Assert.NotEmpty(new ApiOptions { Url = url, AllowHttp = true, CertificateFile = url.StartsWith("https", StringComparison.Ordinal) ? _certificate.Path : null }.Validate());
    }

    [Theory]
    [InlineData("http://127.0.0.1:8081")]
    [InlineData("http://[::1]:8081")]
    [InlineData("http://localhost:8081")]
    [InlineData("")]
    public void On_loopback_it_may(string url) => Assert.Empty(new ApiOptions { Url = url }.Validate());

    [Fact]
    public void With_tokens_and_a_certificate_it_may_listen_anywhere()
    {
        Assert.Empty(new ApiOptions { Url = "https://0.0.0.0:8443", TokenFile = _tokens.Path, CertificateFile = _certificate.Path }.Validate());
        Assert.Contains("unencrypted", Assert.Single(new ApiOptions { Url = "http://0.0.0.0:8081", TokenFile = _tokens.Path }.Validate()), StringComparison.Ordinal);
        Assert.Empty(new ApiOptions { Url = "http://0.0.0.0:8081", TokenFile = _tokens.Path, AllowHttp = true }.Validate());
        Assert.Contains("certificate", Assert.Single(new ApiOptions { Url = "https://0.0.0.0:8443", TokenFile = _tokens.Path }.Validate()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://127.0.0.1:8081/sentinel")]
    [InlineData("http://user@127.0.0.1:8081")]
    [InlineData("127.0.0.1:8081")]
    public void An_address_is_an_address_and_no_more(string url) => Assert.Contains("Url", Assert.Single(new ApiOptions { Url = url }.Validate()), StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"tokens":[{"name":"ann","role":"root","sha256":"00","expires_at":"2030-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"tokens":[{"name":"ann","role":"admin","sha256":"00","expires_at":"2030-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"tokens":[{"name":"ann","role":"admin","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]}""")]
    [InlineData("""{"tokens":[{"name":"policy","role":"admin","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","expires_at":"2030-01-01T00:00:00Z"}]}""")]
    public void A_file_of_tokens_that_cannot_be_used_stops_the_start_and_is_not_quoted(string content)
    {
        File.WriteAllText(_tokens.Path, content);
        var error = Assert.Single(new ApiOptions { TokenFile = _tokens.Path }.Validate());
        Assert.StartsWith("TokenFile: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("e3b0c442", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_of_identities_needs_https_an_audience_and_roles()
    {
        Assert.Equal(3, new OidcOptions { Authority = "http://login.example.com" }.Validate().Count());
        Assert.Empty(new OidcOptions { Authority = "https://login.example.com", Audience = "sentinel", Roles = { ["soc"] = Role.Analyst } }.Validate());
    }

    [Fact]
    public void The_file_of_tokens_is_for_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files there have no such modes.");
#pragma warning disable CA1416 // not on Windows
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_tokens.Path));
#pragma warning restore CA1416
    }
}
