using System.Globalization;
using System.Text;

namespace AgentSentinel.Cli.Tests.Run;

/// <summary>Calls of many steady agents over some days, of whom a few go wrong at the end: enough for anomalies that can be counted.</summary>
internal sealed class SteadyFleet(int agents, int calls, int rogues)
{
    private const int RogueCalls = 400;
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Length = TimeSpan.FromDays(6);

    /// <summary>All events in order of time: agent, JSON.</summary>
    public IEnumerable<(string AgentId, byte[] Json)> Calls()
    {
        var ordinary = calls - (rogues * RogueCalls);
        var step = Length / ordinary;
        for (var i = 0; i < ordinary; i++)
        {
            yield return Call(i % agents, i, Start + (step * i), "crm.read", i % 97 == 0 ? "error" : "ok");
        }

        for (var i = 0; i < rogues * RogueCalls; i++)
        {
            yield return Call(i % rogues, ordinary + i, Start + Length + TimeSpan.FromMilliseconds(50 * i), i % 2 == 0 ? "crm.read" : "crm.export", "ok");
        }
    }

    private static (string AgentId, byte[] Json) Call(int agent, int number, DateTimeOffset time, string tool, string status)
    {
        var agentId = string.Create(CultureInfo.InvariantCulture, $"agent-{agent:000}");
        return (agentId, Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"call-{{number}}","time":"{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","agent_id":"{{agentId}}","tool":"{{tool}}","resources":["crm/contacts"],"status":"{{status}}","credential_id":"key-{{agent}}"}""")));
    }
}
