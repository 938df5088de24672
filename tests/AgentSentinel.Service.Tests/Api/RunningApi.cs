using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Tests.Kafka;
using AgentSentinel.Service.Tests.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSentinel.Service.Tests.Api;

/// <summary>The whole service with its API, and a token for each role.</summary>
public sealed class RunningApi : IAsyncLifetime
{
    private static readonly HttpMethod[] WithoutBody = [HttpMethod.Get, HttpMethod.Head];

    private readonly KafkaCluster _cluster = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-api-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public Dictionary<Role, string> Tokens { get; } = [];

    public string TokenFile => Path.Combine(_folder.FullName, "tokens.json");

    internal RunningLine Line { get; private set; } = null!;

    public Uri Address => Line.ApiAddress;

    public string CheckpointFolder => Line.Options.Checkpoints.Folder;

    public async ValueTask InitializeAsync()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            Tokens[role] = AddToken(role.ToString().ToLowerInvariant(), role, DateTimeOffset.MaxValue);
        }

        Line = await RunningLine.StartAsync(_cluster, options => options with
        {
            // With a slash, as equal addresses would be one.
            Api = new ApiOptions { Url = "http://127.0.0.1:0/", TokenFile = TokenFile, MaxRequestsPerMinute = 100_000, MaxCommandsPerMinute = 100_000 },
        });
        await RunningLine.WaitAsync(async () => (await GetAsync(Role.Viewer, "/v1/status")).IsSuccessStatusCode);
    }

    public string AddToken(string name, Role role, DateTimeOffset expiresAt)
    {
        var (secret, token) = ApiToken.Create(name, role, expiresAt);
        ApiTokens.Add(TokenFile, token);
        return secret;
    }

    public Task<HttpResponseMessage> GetAsync(Role? role, string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, role is { } known ? Tokens[known] : null, null, headers);

    public Task<HttpResponseMessage> PostAsync(Role? role, string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, role is { } known ? Tokens[known] : null, JsonContent.Create(body), headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Absolute(path)) { Content = WithoutBody.Contains(method) ? null : content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    /// <summary>Gives a command and waits until its outcome is known.</summary>
    public async Task<JsonElement> CommandAsync(Role role, object command)
    {
        var accepted = await PostAsync(role, "/v1/commands", command);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, accepted.StatusCode);
        var url = (await JsonOf(accepted)).GetProperty("outcome_url").GetString()!;
        return await JsonOf(await GetAsync(role, url + "?wait=30"));
    }

    public async Task<string> DecisionAsync(string agentId, string more = "") =>
        (await JsonOf(await GetAsync(Role.Gateway, $"/v1/decisions?agent={Uri.EscapeDataString(agentId)}{more}"))).GetProperty("decision").GetString()!;

    /// <summary>Appends an anomaly as the detection line would.</summary>
    internal async Task FindAnomalyAsync(Anomaly anomaly) => await Line.Services.GetRequiredService<RecordProducer>().AppendAsync(
        Line.Options.Kafka.JournalTopic, 0, default, JournalJson.Write(new AnomalyFound(anomaly, TimeProvider.System.GetUtcNow())), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Line.DisposeAsync();
        _cluster.Dispose();
        _folder.Delete(recursive: true);
    }

    // The path as it is written: Uri would tidy it up.
    private Uri Absolute(string path) => new(Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
