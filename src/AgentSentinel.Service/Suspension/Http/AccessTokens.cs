using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension.Http;

/// <summary>Authenticates a template's requests; keeps an access token until shortly before it expires. Safe to call from several tasks.</summary>
internal sealed class AccessTokens : IDisposable
{
    private const int MaxResponseBytes = 64 * 1024;
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string JwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(5);

    private readonly SuspensionTemplate _template;
    private readonly HttpAdapterOptions _options;
    private readonly OutboundClient _client;
    private readonly TimeProvider _time;
    private readonly Uri? _tokenUrl;
    private readonly TokenSigner? _signer;
    private readonly string? _secret;
    private readonly SemaphoreSlim _one = new(1);
    private string? _token;
    private DateTimeOffset _goodUntil;

    public AccessTokens(SuspensionTemplate template, HttpAdapterOptions options, OutboundClient client, TimeProvider time)
    {
        _template = template;
        _options = options;
        _client = client;
        _time = time;
        _tokenUrl = template.TokenUrl is { } url ? new Uri(TemplateText.Plain(url, options.Values())) : null;
        _signer = options.PrivateKeyFile is { } key ? TokenSigner.Load(key, options.KeyId) : null;
        _secret = (template.Authentication == TemplateAuthentication.Header ? options.TokenFile : options.ClientSecretFile) is { } file ? SecretFile.Read(file) : null;
    }

    /// <summary>Adds what the request is authenticated by. Null, or the response that kept us from a token.</summary>
    public async Task<OutboundResponse?> AuthenticateAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (_template.Authentication)
        {
            case TemplateAuthentication.Header:
                request.Headers.TryAddWithoutValidation(_template.AuthHeader, _template.AuthPrefix + _secret);
                return null;
            case TemplateAuthentication.AppJwt:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Assertion([]));
                return null;
            default:
                await _one.WaitAsync(cancellationToken);
                try
                {
                    if ((_token is null || _time.GetUtcNow() >= _goodUntil) && await FetchAsync(cancellationToken) is { } failure)
                    {
                        return failure;
                    }

                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
                    return null;
                }
                finally
                {
                    _one.Release();
                }
        }
    }

    /// <summary>The present token was refused: the next request gets a new one.</summary>
    public void Invalidate() => _goodUntil = DateTimeOffset.MinValue;

    public void Dispose()
    {
        _signer?.Dispose();
        _one.Dispose();
    }

    private async Task<OutboundResponse?> FetchAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _tokenUrl) { Content = new FormUrlEncodedContent(FormOf()) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_template is { Authentication: TemplateAuthentication.OAuth2, ClientAuthentication: "client_secret_basic" })
        {
            var pair = $"{Uri.EscapeDataString(_options.ClientId)}:{Uri.EscapeDataString(_secret!)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        }

        var response = await _client.SendAsync(request, MaxResponseBytes, cancellationToken);
        if (!response.IsSuccess)
        {
            return response;
        }

        try
        {
            using var json = JsonDocument.Parse(response.Body);
            var token = json.RootElement.GetProperty("access_token").GetString();
            if (string.IsNullOrEmpty(token) || token.Any(c => c is <= ' ' or > '~'))
            {
                return response with { Status = null, Reason = "unreadable" };
            }

            var life = json.RootElement.TryGetProperty("expires_in", out var seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt32(out var number)
                ? TimeSpan.FromSeconds(number)
                : DefaultLife;
            (_token, _goodUntil) = (token, _time.GetUtcNow() + life - Margin);
            return null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return response with { Status = null, Reason = "unreadable" };
        }
    }

    private IEnumerable<KeyValuePair<string, string>> FormOf()
    {
        if (_template.Authentication == TemplateAuthentication.JwtBearer)
        {
            yield return new("grant_type", JwtBearerGrant);
            yield return new("assertion", Assertion(new Dictionary<string, object> { ["scope"] = _template.Scope ?? "", ["aud"] = _tokenUrl!.OriginalString }));
            yield break;
        }

        yield return new("grant_type", "client_credentials");
        if (_template.Scope is { } scope)
        {
            yield return new("scope", scope);
        }

        switch (_template.ClientAuthentication)
        {
            case "client_secret_post":
                yield return new("client_id", _options.ClientId);
                yield return new("client_secret", _secret!);
                break;
            case "private_key_jwt":
                yield return new("client_id", _options.ClientId);
                yield return new("client_assertion_type", AssertionType);
                yield return new("client_assertion", Assertion(new Dictionary<string, object>
                {
                    ["sub"] = _options.ClientId, ["aud"] = _tokenUrl!.OriginalString, ["jti"] = Guid.NewGuid().ToString("N"),
                }));
                break;
        }
    }

    /// <summary>Dated a minute back: clocks differ, and a token from the future is refused.</summary>
    private string Assertion(Dictionary<string, object> claims)
    {
        var now = _time.GetUtcNow();
        claims["iss"] = _options.ClientId;
        claims["iat"] = (now - Margin).ToUnixTimeSeconds();
        claims["exp"] = (now + AssertionLife).ToUnixTimeSeconds();
        return _signer!.Sign("JWT", JsonSerializer.SerializeToUtf8Bytes(claims));
    }
}
