using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detection;

public sealed class WindowValueTests
{
    [Fact]
    public void A_closed_window_tells_what_the_agent_did_and_with_what()
    {
        var values = Close(
            Some.ToolCall(id: "1", size: 4, tool: "crm.read", resources: ["crm:a", "crm:b"]),
            Some.ToolCall(id: "2", size: 6, tool: "crm.read", resources: ["crm:a"], status: CallStatus.Denied),
            Some.ToolCall(id: "3", tool: "mail.send", status: CallStatus.Error));
        Assert.Equal(
            [
                "Agent  3 calls, 2 failed, 1 denied, 10 records",
                "Tool crm.read 2 calls, 1 failed, 0 denied, 10 records",
                "Tool mail.send 1 calls, 1 failed, 0 denied, 0 records",
                "Dataset crm:a 2 calls, 1 failed, 0 denied, 8 records",
                "Dataset crm:b 1 calls, 0 failed, 0 denied, 2 records",
            ],
            values.Select(v => $"{v.Dimension} {v.Name} {v.Calls} calls, {v.Failures} failed, {v.Denials} denied, {v.Records} records"));
        Assert.All(values, v => Assert.Equal(("agent-1", Some.Monday), (v.AgentId, v.Start)));
    }

    [Fact]
    public void What_is_beyond_the_heaviest_few_is_told_as_the_rest()
    {
        var values = Close([.. Enumerable.Range(0, 20).Select(i => Some.ToolCall(id: $"{i}", tool: $"tool-{i}"))]);
        var rest = Assert.Single(values, v => v.IsRest);
        Assert.Equal((WindowDimension.Tool, WindowValue.Rest, 12), (rest.Dimension, rest.Name, rest.Calls));
    }

    [Fact]
    public void Requests_alone_are_no_point_of_a_chart() => Assert.Empty(Close(Some.ToolCall(kind: CallKind.Request)));

    [Fact]
    public void When_nobody_listens_nothing_is_collected()
    {
        var output = new DetectionOutput();
        Feed(output, Some.ToolCall());
        Assert.Null(output.Windows);
    }

    [Fact]
    public void After_warm_up_the_agent_s_usual_calls_and_its_score_are_told()
    {
        var output = new DetectionOutput { Windows = [] };
        var engine = Some.DetectionEngine();
        for (var minute = 0; minute < 6 * 24 * 60; minute += 10)
        {
            engine.Process(Some.ToolCall(Some.Monday.AddMinutes(minute), $"c{minute}"), Some.Monday.AddMinutes(minute), output);
        }

        var burst = Some.Monday.AddDays(6);
        for (var i = 0; i < 100; i++)
        {
            engine.Process(Some.ToolCall(burst.AddMilliseconds(i), $"b{i}"), burst.AddMilliseconds(i), output);
        }

        engine.Advance(burst.AddHours(1), output);
        var agent = output.Windows.Where(v => v.Dimension == WindowDimension.Agent).ToList();
        Assert.Null(agent[0].Expected);
        var loud = agent.Single(v => v.Start == burst);
        Assert.InRange(loud.Expected!.Value.High, 1, 20);
        Assert.True(loud.Expected.Value.Low <= loud.Expected.Value.High);
        Assert.True(loud.Score > 3, $"{loud.Score}");
        Assert.True(agent[^2].Score < 1, $"{agent[^2].Score}");
    }

    private static List<WindowValue> Close(params ToolCall[] calls)
    {
        var output = new DetectionOutput { Windows = [] };
        Feed(output, calls);
        return output.Windows;
    }

    private static void Feed(DetectionOutput output, params ToolCall[] calls)
    {
        var engine = Some.DetectionEngine();
        foreach (var call in calls)
        {
            engine.Process(call, call.Time, output);
        }

        engine.Advance(Some.Monday.AddHours(1), output);
    }
}
