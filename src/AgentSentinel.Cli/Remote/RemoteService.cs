using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Cli.Remote;

/// <summary>A running service, asked over HTTP.</summary>
internal sealed class RemoteService : IDisposable
{
    private const int MostBytes = 64 << 20;

    private readonly HttpClient _http;

    /// <param name="server">Its address.</param>
    /// <param name="token">The bearer token; null for none.</param>
    /// <param name="authorities">Certificates to trust instead of the system's; null for the system's.</param>
    public RemoteService(Uri server, string? token, X509Certificate2Collection? authorities)
    {
        var handler = new SocketsHttpHandler
        {
            // A token goes to the server that was named and nowhere else.
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        if (authorities is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        _http = new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(90), MaxResponseContentBufferSize = MostBytes };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>What is at a path.</summary>
    /// <exception cref="RemoteException">It does not answer, or refuses.</exception>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>Gives a command; what became of it, or what is known by now when nothing comes of it within half a minute.</summary>
    /// <exception cref="RemoteException">It does not answer, or refuses.</exception>
    public async Task<JsonElement> CommandAsync(RemoteCommand command, CancellationToken cancellationToken)
    {
        // The same key at each attempt: should an answer get lost, the command is not given twice.
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/commands") { Content = JsonContent.Create(command, options: RemoteCommand.Spelling) };
                request.Headers.Add("Idempotency-Key", key);
                var accepted = await SendAsync(request, cancellationToken);
                return await GetAsync(accepted.GetProperty("outcome_url").GetString() + "?wait=30", cancellationToken);
            }
            catch (RemoteException error) when (error.IsTransient && attempt < 3)
            {
                // Once more.
            }
        }
    }

    /// <summary>Registers an agent, or changes its entry. May be repeated.</summary>
    /// <exception cref="RemoteException">It does not answer, or refuses.</exception>
    public async Task RegisterAsync(RegisteredAgent agent, string reason, CancellationToken cancellationToken)
    {
        var body = new
        {
            agent.Owner, agent.Purpose, agent.PeerGroup, agent.Scope, agent.Criticality, agent.Credentials, Protected = agent.IsProtected, agent.Substitute, Reason = reason,
        };
        using var request = new HttpRequestMessage(HttpMethod.Put, PathOf(agent.Id)) { Content = JsonContent.Create(body, options: RemoteCommand.Spelling) };
        await SendAsync(request, cancellationToken);
    }

    /// <summary>Removes an entry of the registry.</summary>
    /// <exception cref="RemoteException">It does not answer, or refuses.</exception>
    public async Task RemoveAsync(string agentId, string reason, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{PathOf(agentId)}?reason={Uri.EscapeDataString(reason)}");
        await SendAsync(request, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? JsonElement.Parse(text.Length > 0 ? text : "null")
                : throw new RemoteException($"{(int)response.StatusCode} {response.ReasonPhrase}{DetailIn(text)}", (int)response.StatusCode is 429 or >= 500);
        }
        catch (HttpRequestException error) when (error.InnerException is System.Security.Authentication.AuthenticationException tls)
        {
            throw new RemoteException($"Its certificate is not trusted: {tls.Message}", false, error);
        }
        catch (HttpRequestException error)
        {
            throw new RemoteException(error.Message, true, error);
        }
        catch (JsonException error)
        {
            throw new RemoteException("It does not answer as the service does.", false, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RemoteException("It does not answer in time.", true, error);
        }
    }

    private static string PathOf(string agentId) => $"/v1/registry/{Uri.EscapeDataString(agentId)}";

    private static string DetailIn(string text)
    {
        try
        {
            return JsonElement.Parse(text).TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String ? $": {detail.GetString()}" : "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
