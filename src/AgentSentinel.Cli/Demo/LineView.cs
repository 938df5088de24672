using System.Globalization;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;

namespace AgentSentinel.Cli.Demo;

/// <summary>The demo as plain lines.</summary>
internal sealed class LineView(TextWriter output) : IDemoView
{
    public void Say(string sentence) => output.WriteLine(sentence);

    public void Show(DemoStatus status) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{status.EventTime:ddd HH:mm}  {status.Phase}: {status.Calls:N0} calls sent, {status.CallsPerSecond:N0}/s, {status.Behind:N0} behind, {status.Agents} agents, {status.SuspendedAgents} suspended"));

    public void Alert(Alert alert)
    {
        var at = (alert.LastEventTime ?? alert.Time).ToString("ddd HH:mm", CultureInfo.InvariantCulture);
        output.WriteLine($"{at}  {DemoText.Of(alert.Kind)} [{alert.Severity}] {PlainText.Of(alert.AgentId)}: {PlainText.Of(alert.Summary)}");
        if (alert.Kind is AlertKind.Opened or AlertKind.Escalated)
        {
            foreach (var line in DemoText.Why(alert))
            {
                output.WriteLine($"           {PlainText.Of(line)}");
            }
        }
    }

    public void Suspended(string agentId, string type, bool isSignatureValid, TimeSpan sinceFound) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"           receiver: {type} for {PlainText.Of(agentId)}, signature {(isSignatureValid ? "valid" : "INVALID")}, {sinceFound.TotalMilliseconds:0} ms after the anomaly was found"));

    public async ValueTask DisposeAsync() => await output.FlushAsync();
}
