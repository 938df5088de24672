using AgentSentinel.Core.Response;
using AgentSentinel.Service.Suspension;
using AgentSentinel.Service.Suspension.Http;
using AgentSentinel.Service.Tests.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Suspension.Http;

/// <summary>An adapter for one identity system, on a clock that only the test moves.</summary>
internal sealed class HttpAdapterBench : IDisposable
{
    private readonly TemporaryFile _states = new();
    private readonly TemporaryFile _secret = new("s3cret");
    private readonly TemporaryFile _key = new(SomeKey.RsaPem);
    private readonly TemporaryFile _template = new();
    private readonly PriorStates _priorStates;

    private HttpAdapterBench(IdentitySystem system, ScriptedApi api)
    {
        Api = api;
        api.Answers = system.Answer;

        // The real templates but for the host that tokens come from: nothing else of them is changed.
        using var reader = new StreamReader(typeof(SuspensionTemplate).Assembly.GetManifestResourceStream($"suspension-template/{system.Name}.json")!);
        var text = reader.ReadToEnd();
        foreach (var host in (string[])["https://login.microsoftonline.com", "https://oauth2.googleapis.com"])
        {
            text = text.Replace(host, api.Address.ToString().TrimEnd('/'), StringComparison.Ordinal);
        }

        File.WriteAllText(_template.Path, text);
        Options = new HttpAdapterOptions
        {
            Template = _template.Path,
            BaseUrl = api.Address.ToString(),
            Variables = new() { ["tenant"] = "contoso", ["realm"] = "agents", ["project"] = "proj" },
            Agents = [new() { Agent = SomeOrder.Agent, Target = system.Target }],
            ClientId = "sentinel",
            ClientSecretFile = _secret.Path,
            PrivateKeyFile = _key.Path,
            TokenFile = _secret.Path,
            AllowPrivateTargets = true,
        };
        Assert.Empty(Options.Validate());
        _priorStates = PriorStates.Open(_states.Path);
        Adapter = new HttpAdapter("http-test", Options, _priorStates, Time);
    }

    public FakeTimeProvider Time { get; } = new(SomeWebhook.Time);

    public ScriptedApi Api { get; }

    public HttpAdapterOptions Options { get; }

    public HttpAdapter Adapter { get; }

    public static HttpAdapterBench Start(IdentitySystem system) => new(system, new ScriptedApi());

    public Task<AttemptOutcome> RunAsync(SuspensionOrder order) => Adapter.ExecuteAsync(Adapter.MessageOf(order)!, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Adapter.Dispose();
        _priorStates.Dispose();
        Api.Dispose();
        _states.Dispose();
        _secret.Dispose();
        _key.Dispose();
        _template.Dispose();
    }
}
