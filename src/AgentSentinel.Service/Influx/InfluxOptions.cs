using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Influx;

/// <summary>Where time series are written besides the history file.</summary>
public sealed record InfluxOptions : IValidatedOptions
{
    [Description("Address of InfluxDB (or of what speaks its protocol), such as https://influxdb.example.com:8086. https, or http to loopback. Empty: time series stay in the history file.")]
    public string Url { get; init; } = "";

    [Description("Whether http is allowed to other machines than this one: credentials and data then cross the network in the clear.")]
    public bool AllowHttp { get; init; }

    [Description("Way to write: V1 (/write), V2 (/api/v2/write) or V3 (/api/v3/write_lp).")]
    public InfluxDialect Dialect { get; init; } = InfluxDialect.V2;

    [Description("Database, called bucket in version 2. It must exist.")]
    [MinLength(1, ErrorMessage = "must not be empty")]
    public string Database { get; init; } = "agentsentinel";

    [Description("Retention policy, for V1 only. Empty: the database's default.")]
    public string RetentionPolicy { get; init; } = "";

    [Description("Organisation, for V2 only. Empty: not sent.")]
    public string Organization { get; init; } = "";

    [PasswordPropertyText(true)]
    [Description("Token. Better kept in TokenFile.")]
    public string Token { get; init; } = "";

    [Description("File that holds the token. Read at start.")]
    public string TokenFile { get; init; } = "";

    [Description("User, when there is no token.")]
    public string User { get; init; } = "";

    [PasswordPropertyText(true)]
    [Description("Password of the user. Better kept in PasswordFile.")]
    public string Password { get; init; } = "";

    [Description("File that holds the password. Read at start.")]
    public string PasswordFile { get; init; } = "";

    [Description("Most points written at once.")]
    [Range(1, 100_000)]
    public int BatchPoints { get; init; } = 5_000;

    [Description("Whether what is written is compressed with gzip.")]
    public bool Gzip { get; init; } = true;

    [Description("How long one request may take.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    internal bool IsOn => Url.Length > 0;

    /// <summary>Everything that is wrong, in words an operator can act on. Reads the files; never repeats a secret.</summary>
    public IEnumerable<string> Validate()
    {
        var errors = new List<string>();
        if (IsOn)
        {
            ValidateUrl(errors);
        }

        if (Token.Length > 0 && TokenFile.Length > 0)
        {
            errors.Add("TokenFile: there is a Token already.");
        }

        if (Password.Length > 0 && PasswordFile.Length > 0)
        {
            errors.Add("PasswordFile: there is a Password already.");
        }

        if (Token.Length + TokenFile.Length > 0 && User.Length > 0)
        {
            errors.Add("User: a token is used already.");
        }

        CheckHeader(errors, nameof(User), User);
        CheckHeader(errors, nameof(Token), Read(errors, nameof(TokenFile), TokenFile) ?? Token);
        CheckHeader(errors, nameof(Password), Read(errors, nameof(PasswordFile), PasswordFile) ?? Password);
        return errors;
    }

    /// <summary>The token, or null when there is none.</summary>
    internal string? ReadToken() => (Read([], nameof(TokenFile), TokenFile) ?? Token) is { Length: > 0 } token ? token : null;

    /// <summary>The password; may be empty.</summary>
    internal string ReadPassword() => Read([], nameof(PasswordFile), PasswordFile) ?? Password;

    private void ValidateUrl(List<string> errors)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            errors.Add("Url: not an absolute https URL.");
            return;
        }

        if (uri.UserInfo.Length > 0)
        {
            errors.Add("Url: must not carry a user name or password; there are options for them.");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            errors.Add("Url: must not carry a query or fragment.");
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !TargetFilter.IsLoopbackName(uri) && !AllowHttp)
        {
            errors.Add("Url: must be https; http to other machines needs AllowHttp.");
        }
    }

    private static void CheckHeader(List<string> errors, string name, string text)
    {
        if (text.Any(char.IsControl))
        {
            errors.Add($"{name}: has a control character.");
        }
    }

    private static string? Read(List<string> errors, string name, string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        if (SecretFile.TryRead(path, out var secret, out var error))
        {
            return secret;
        }

        errors.Add($"{name}: {error}.");
        return null;
    }
}
