using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSentinel.Service.Suspension.Http;

/// <summary>How one identity system is asked for an identity's state, to suspend it and to lift that: data, from a file of this folder's neighbour <c>Templates</c> or of the operator's.</summary>
internal sealed class SuspensionTemplate
{
    private const int MaxFileBytes = 64 * 1024;

    private static readonly HashSet<string> Known =
    [
        "description", "base_url", "auth", "auth_header", "auth_prefix", "token_url", "scope", "client_authentication", "residual_access_seconds", "residual_access_note", "headers",
        "read", "identity", "suspended", "active", "suspend", "lift",
    ];

    private SuspensionTemplate(JsonObject json)
    {
        if (json.Select(member => member.Key).FirstOrDefault(key => !Known.Contains(key)) is { } unknown)
        {
            throw new FormatException($"'{unknown}' is not known");
        }

        BaseUrl = Text(json, "base_url");
        Authentication = Text(json, "auth") switch
        {
            "oauth2" => TemplateAuthentication.OAuth2,
            "jwt-bearer" => TemplateAuthentication.JwtBearer,
            "app-jwt" => TemplateAuthentication.AppJwt,
            "header" => TemplateAuthentication.Header,
            _ => throw new FormatException("auth must be oauth2, jwt-bearer, app-jwt or header"),
        };
        AuthHeader = Text(json, "auth_header") ?? "Authorization";
        AuthPrefix = Text(json, "auth_prefix") ?? "";
        TokenUrl = Text(json, "token_url");
        Scope = Text(json, "scope");
        ClientAuthentication = Text(json, "client_authentication") ?? "client_secret_basic";
        ResidualAccess = json["residual_access_seconds"] is { } seconds ? TimeSpan.FromSeconds(seconds.GetValue<double>()) : null;
        Headers = json["headers"] is JsonObject headers ? headers.ToDictionary(h => h.Key, h => h.Value!.GetValue<string>()) : [];
        Read = Step(Required(json, "read"));
        Identity = Checks(json, "identity");
        Suspended = Checks(json, "suspended");
        Active = Checks(json, "active");
        Suspend = Steps(json, "suspend");
        Lift = Steps(json, "lift");
        Names = [.. TemplateText.NamesIn(json.ToJsonString()).Distinct()];
    }

    public string? BaseUrl { get; }

    public TemplateAuthentication Authentication { get; }

    public string AuthHeader { get; }

    public string AuthPrefix { get; }

    public string? TokenUrl { get; }

    public string? Scope { get; }

    /// <summary>client_secret_basic, client_secret_post or private_key_jwt.</summary>
    public string ClientAuthentication { get; }

    public TimeSpan? ResidualAccess { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public TemplateStep Read { get; }

    /// <summary>What shows that the state read is the target's.</summary>
    public IReadOnlyList<TemplateCheck> Identity { get; }

    public IReadOnlyList<TemplateCheck> Suspended { get; }

    public IReadOnlyList<TemplateCheck> Active { get; }

    public IReadOnlyList<TemplateStep> Suspend { get; }

    public IReadOnlyList<TemplateStep> Lift { get; }

    /// <summary>The placeholders it uses.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The names of the templates that come with the product.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
    [
        .. typeof(SuspensionTemplate).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => name[ResourcePrefix.Length..].Replace(".json", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private const string ResourcePrefix = "suspension-template/";

    /// <summary>A template that comes with the product, by its name, or else a file.</summary>
    public static bool TryLoad(string nameOrFile, [NotNullWhen(true)] out SuspensionTemplate? template, [NotNullWhen(false)] out string? error)
    {
        template = null;
        try
        {
            template = new SuspensionTemplate(JsonNode.Parse(TextOf(nameOrFile)) as JsonObject ?? throw new FormatException("a JSON object is expected"));
            error = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"is neither a file that can be read nor one of {string.Join(", ", BuiltIn)}";
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            error = $"cannot be used: {e.Message}";
        }

        return false;
    }

    public static SuspensionTemplate Load(string nameOrFile) =>
        TryLoad(nameOrFile, out var template, out var error) ? template : throw new InvalidOperationException($"Template {nameOrFile} {error}.");

    private static string TextOf(string nameOrFile)
    {
        if (BuiltIn.Contains(nameOrFile))
        {
            using var reader = new StreamReader(typeof(SuspensionTemplate).Assembly.GetManifestResourceStream($"{ResourcePrefix}{nameOrFile}.json")!);
            return reader.ReadToEnd();
        }

        return new FileInfo(nameOrFile).Length <= MaxFileBytes ? File.ReadAllText(nameOrFile) : throw new FormatException("the file is too long");
    }

    private static string? Text(JsonObject json, string name) => json[name]?.GetValue<string>();

    private static JsonNode Required(JsonObject json, string name) => json[name] ?? throw new FormatException($"'{name}' is missing");

    private static List<TemplateStep> Steps(JsonObject json, string name) => Required(json, name) is JsonArray { Count: > 0 } steps
        ? [.. steps.Select(step => Step(step!))]
        : throw new FormatException($"'{name}' needs at least one step");

    private static TemplateStep Step(JsonNode node)
    {
        var step = node.AsObject();
        return new TemplateStep(
            Text(step, "method") is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" ? Text(step, "method")! : throw new FormatException("a step's method is GET, POST, PUT, PATCH or DELETE"),
            Text(step, "path") is { } path && path.StartsWith('/') ? path : throw new FormatException("a step's path begins with /"),
            step["body"],
            step["merge"]?.AsObject(),
            [.. Required(step, "success").AsArray().Select(code => code!.GetValue<int>())],
            step["always"]?.GetValue<bool>() ?? false);
    }

    private static List<TemplateCheck> Checks(JsonObject json, string name) => Required(json, name) is JsonArray { Count: > 0 } checks
        ? [.. checks.Select(check => Check(check!.AsObject()))]
        : throw new FormatException($"'{name}' needs at least one check");

    private static TemplateCheck Check(JsonObject check)
    {
        var mayBeAbsent = check.ContainsKey("is_absent_or");
        if (mayBeAbsent == check.ContainsKey("equals"))
        {
            throw new FormatException("a check has either equals or is_absent_or");
        }

        return new TemplateCheck(
            Text(check, "pointer") is { } pointer && pointer.StartsWith('/') ? pointer : throw new FormatException("a check's pointer begins with /"),
            mayBeAbsent ? check["is_absent_or"] : check["equals"],
            mayBeAbsent,
            check["not"]?.GetValue<bool>() ?? false);
    }
}
