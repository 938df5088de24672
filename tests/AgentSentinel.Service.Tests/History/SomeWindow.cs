using AgentSentinel.Core.Detection;

namespace AgentSentinel.Service.Tests.History;

/// <summary>Windows for tests: whatever a test does not name is ordinary.</summary>
internal static class SomeWindow
{
    internal static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    internal static WindowValue Agent(string agent = "agent-1", int minute = 0, int calls = 3, double score = 0, ExpectedRange? expected = null) =>
        new(agent, WindowDimension.Agent, "", false, Monday.AddMinutes(minute), calls, 1, 1, 10, 2048.5, 7, expected, score);

    internal static WindowValue Tool(string name, string agent = "agent-1", int minute = 0, int calls = 2) =>
        new(agent, WindowDimension.Tool, name, false, Monday.AddMinutes(minute), calls, 0, 0, 4, 100, 0, null, 0);

    internal static WindowValue Dataset(string name, string agent = "agent-1", int minute = 0, int calls = 2) =>
        new(agent, WindowDimension.Dataset, name, false, Monday.AddMinutes(minute), calls, 0, 0, 4, 100, 0, null, 0);
}
