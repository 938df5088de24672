using System.ComponentModel;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension.Http;

/// <summary>One identity system that is called directly.</summary>
public sealed record HttpAdapterOptions : IValidatedOptions
{
    /// <summary>Template.</summary>
    [Description("How it is called: entra-agent-identity, github-app, gcp-service-account, keycloak-client, okta-app, okta-user, vault-entity, or a file with a template of your own.")]
    public string Template { get; init; } = "";

    /// <summary>Base URL.</summary>
    [Description("Base URL, where the template has none or another one is meant. https, or http to loopback with AllowPrivateTargets.")]
    public string? BaseUrl { get; init; }

    /// <summary>Variables.</summary>
    [Description("Values for the template's placeholders, such as tenant, realm or project.")]
    public Dictionary<string, string> Variables { get; init; } = [];

    /// <summary>Agents.</summary>
    [Description("The agents that it can suspend.")]
    public AgentTargetOptions[] Agents { get; init; } = [];

    /// <summary>Client id.</summary>
    [Description("OAuth client id; for github-app the app's id, for gcp-service-account our own service account's e-mail.")]
    public string ClientId { get; init; } = "";

    /// <summary>File with the client's secret.</summary>
    [Description("File that holds the OAuth client secret.")]
    public string? ClientSecretFile { get; init; }

    /// <summary>File with a private key.</summary>
    [Description("File that holds a private RSA or P-256 key in PEM, for templates that sign.")]
    public string? PrivateKeyFile { get; init; }

    /// <summary>Id of that key.</summary>
    [Description("Id under which the system knows that key. Empty: its RFC 7638 thumbprint.")]
    public string? KeyId { get; init; }

    /// <summary>File with a token.</summary>
    [Description("File that holds the token, for templates that send one in a header.")]
    public string? TokenFile { get; init; }

    /// <summary>Timeout.</summary>
    [Description("How long one request may take.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the target may be private.</summary>
    [Description("Whether the system may lie in a private, link-local or loopback network.")]
    public bool AllowPrivateTargets { get; init; }

    /// <inheritdoc />
    public IEnumerable<string> Validate()
    {
        if (!SuspensionTemplate.TryLoad(Template, out var template, out var error))
        {
            return [$"Template: {error}."];
        }

        var errors = new List<string>();
        var baseUrl = BaseUrl ?? template.BaseUrl;
        errors.AddRange(baseUrl is null ? ["BaseUrl: the template has none, so it is needed."] : TargetUrl.Errors(nameof(BaseUrl), baseUrl, AllowPrivateTargets));
        errors.AddRange(AgentTargetOptions.Errors(nameof(Agents), Agents));
        if (Agents.Any(agent => agent.Target is "." or ".."))
        {
            errors.Add("Agents: a target must not be '.' or '..'.");
        }

        errors.AddRange(template.Names.Where(name => name is not ("target" or "base_url") && !Variables.ContainsKey(name)).Select(name => $"Variables: '{name}' is needed by the template."));
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5))
        {
            errors.Add("Timeout: must be more than 0 and at most 5 minutes.");
        }

        if (errors.Count == 0 && template.TokenUrl is { } tokenUrl)
        {
            errors.AddRange(TargetUrl.Errors(nameof(Variables), TemplateText.Plain(tokenUrl, Values()), AllowPrivateTargets));
        }

        errors.AddRange(SecretErrors(template));
        return errors;
    }

    /// <summary>What stands for the placeholders, without the target.</summary>
    internal Dictionary<string, string> Values()
    {
        var template = SuspensionTemplate.Load(Template);
        return new(Variables, StringComparer.Ordinal) { ["base_url"] = (BaseUrl ?? template.BaseUrl)!.TrimEnd('/') };
    }

    private IEnumerable<string> SecretErrors(SuspensionTemplate template)
    {
        var signs = template.Authentication is TemplateAuthentication.JwtBearer or TemplateAuthentication.AppJwt
            || (template.Authentication == TemplateAuthentication.OAuth2 && template.ClientAuthentication == "private_key_jwt");
        if (template.Authentication == TemplateAuthentication.Header)
        {
            return TokenFile is null ? ["TokenFile: needed by the template."] : SecretFile.Errors(nameof(TokenFile), TokenFile);
        }

        return (ClientId.Length == 0 ? ["ClientId: needed by the template."] : Enumerable.Empty<string>()).Concat(
            signs
                ? PrivateKeyFile is null ? ["PrivateKeyFile: needed by the template."] : TokenSigner.Errors(nameof(PrivateKeyFile), PrivateKeyFile)
                : ClientSecretFile is null ? ["ClientSecretFile: needed by the template."] : SecretFile.Errors(nameof(ClientSecretFile), ClientSecretFile));
    }
}
