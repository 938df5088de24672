using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Cli.Demo;

/// <summary>How the demo is shown: lines when the output is no terminal, a live screen when it is.</summary>
internal interface IDemoView : IAsyncDisposable
{
    void Say(string sentence);

    void Show(DemoStatus status);

    void Alert(Alert alert);

    void Suspended(string agentId, string type, bool isSignatureValid, TimeSpan sinceFound);
}
