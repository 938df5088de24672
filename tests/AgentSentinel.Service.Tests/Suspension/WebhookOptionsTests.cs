using System.ComponentModel;
using System.Reflection;
using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class WebhookOptionsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly WebhookOptions Good = new() { Url = "https://soar.example.com/hooks/sentinel?tenant=1", Secrets = [Secret] };

    [Fact]
    public void The_defaults_with_a_url_and_a_secret_are_valid() => Assert.Empty(Good.Validate());

    [Fact]
    public void Without_a_url_nothing_is_asked_for() => Assert.Empty(new WebhookOptions().Validate());

    [Fact]
    public void Every_option_is_described() =>
        Assert.All(
            typeof(WebhookOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance),
            property => Assert.NotNull(property.GetCustomAttribute<DescriptionAttribute>()));

    [Theory]
    [InlineData("", "not an absolute https URL")]
    [InlineData("hooks/sentinel", "not an absolute https URL")]
    [InlineData("/hooks/sentinel", "not an absolute https URL")]
    [InlineData("ftp://example.com/", "not an absolute https URL")]
    [InlineData("https://", "not an absolute https URL")]
    [InlineData("http://example.com/", "must be https")]
    [InlineData("https://user:word@example.com/", "user name or password")]
    [InlineData("https://example.com/#part", "fragment")]
    [InlineData("https://localhost/", "loopback target needs AllowPrivateTargets")]
    [InlineData("http://127.0.0.1:8080/", "loopback target needs AllowPrivateTargets")]
    [InlineData("https://10.1.2.3/", "private or link-local network")]
    [InlineData("https://[fd00::1]/", "private or link-local network")]
    [InlineData("https://[::ffff:10.0.0.1]/", "private or link-local network")]
    [InlineData("https://169.254.169.254/", "never allowed")]
    public void A_bad_url_is_named_for_what_it_is(string url, string expected)
    {
        var error = Assert.Single((Good with { Url = url }).Validate());
        Assert.StartsWith("Url: ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:8080/")]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("http://[::1]:8080/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://soar.internal/")]
    public void Private_targets_are_valid_when_allowed(string url) => Assert.Empty((Good with { Url = url, AllowPrivateTargets = true }).Validate());

    [Theory]
    [InlineData("http://10.1.2.3/", "must be https")]
    [InlineData("https://169.254.169.254/", "never allowed")]
    public void Allowing_private_targets_allows_neither_plain_http_nor_metadata(string url, string expected) =>
        Assert.Contains(expected, Assert.Single((Good with { Url = url, AllowPrivateTargets = true }).Validate()), StringComparison.Ordinal);

    [Fact]
    public void A_url_without_a_secret_is_refused() =>
        Assert.Equal("Secrets: at least one is needed to sign the webhooks sent to Url.", Assert.Single((Good with { Secrets = [] }).Validate()));

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "does not begin with \"whsec_\"")]
    [InlineData("whsec_", "has 0 bytes")]
    [InlineData("whsec_c2hvcnQ=", "has 5 bytes; 24 to 64 are allowed")]
    [InlineData("whsec_%%%", "is not base64")]
    public void A_bad_secret_is_named_by_its_place_and_never_repeated(string secret, string expected)
    {
        var error = Assert.Single((Good with { Secrets = [Secret, secret] }).Validate());
        Assert.Equal("Secrets[1]: the secret " + expected, error[..("Secrets[1]: the secret " + expected).Length]);
        Assert.DoesNotContain("c2hvcnQ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("MfKQ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_secrets_are_refused() =>
        Assert.Contains("at most 8", Assert.Single((Good with { Secrets = [.. Enumerable.Repeat(Secret, 9)] }).Validate()), StringComparison.Ordinal);

    [Fact]
    public void A_secret_may_stand_in_a_file()
    {
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, Secret + "\n");
        var options = Good with { Secrets = [], SecretFiles = [file.Path] };
        Assert.Empty(options.Validate());
        Assert.Single(options.ReadSecrets());
    }

    [Fact]
    public void A_secret_file_that_is_missing_or_holds_something_else_is_named_by_its_place()
    {
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, "whsec_c2hvcnQ=");
        var errors = (Good with { SecretFiles = [file.Path + ".none", file.Path] }).Validate().ToArray();
        Assert.Equal("SecretFiles[0]: the file cannot be read (FileNotFoundException).", errors[0]);
        Assert.Equal("SecretFiles[1]: the secret has 5 bytes; 24 to 64 are allowed.", errors[1]);
    }

    [Fact]
    public void Every_error_is_listed_at_once()
    {
        var errors = (Good with
        {
            Url = "http://u@example.com/#x",
            Secrets = ["x"],
            Timeout = TimeSpan.Zero,
            RetrySchedule = [],
            GiveUpAfter = TimeSpan.Zero,
            EscalateAfterFailures = 0,
            KeepReported = TimeSpan.FromSeconds(-1),
        }).Validate();
        Assert.Equal(
            ["Url", "Url", "Url", "Secrets[0]", "Timeout", "RetrySchedule", "GiveUpAfter", "EscalateAfterFailures", "KeepReported"],
            errors.Select(error => error[..error.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(0, -1, 5)]
    [InlineData(0, 0)]
    [InlineData(0)]
    [InlineData(0, 90_000)]
    public void A_schedule_that_does_not_begin_at_once_or_would_spin_is_refused(params int[] seconds) =>
        Assert.Contains((Good with { RetrySchedule = [.. seconds.Select(s => TimeSpan.FromSeconds(s))] }).Validate(), e => e.StartsWith("RetrySchedule", StringComparison.Ordinal));
}
