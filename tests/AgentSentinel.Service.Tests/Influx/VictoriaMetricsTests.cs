using System.Text.Json;
using AgentSentinel.Core.Detection;
using AgentSentinel.Service.Influx;
using AgentSentinel.Service.Tests.History;

namespace AgentSentinel.Service.Tests.Influx;

/// <summary>Against VictoriaMetrics, which takes what version 2 of the protocol writes and answers in a language of its own.</summary>
public sealed class VictoriaMetricsTests
{
    [Fact]
    public async Task What_was_written_through_version_2_is_read_back()
    {
        await using var server = await TimeSeriesServer.StartVictoriaMetricsAsync();
        using var client = new InfluxClient(new InfluxOptions { Url = server.Url, Dialect = InfluxDialect.V2, Organization = "us" }, TimeProvider.System);
        await using var writer = new InfluxWindowWriter(client);
        string[] names = ["plain", "with space", "a,b=c", "quo\"te", @"C:\data", @"end\", "ünï😀"];
        WindowValue[] values = [SomeWindow.Agent(score: 4.25), .. names.Select((name, i) => SomeWindow.Tool(name, calls: i + 1))];
        Assert.Equal(default, await writer.WriteAsync(values, TestContext.Current.CancellationToken));

        var tools = await ExportAsync(server, "tool_calls_calls");
        Assert.Equal(
            names.Select((name, i) => (name == @"end\" ? "end＼" : name, i + 1.0)).Order(),
            tools.Select(s => (s.GetProperty("metric").GetProperty("tool").GetString()!, s.GetProperty("values")[0].GetDouble())).Order());
        var score = Assert.Single(await ExportAsync(server, "agent_calls_score"));
        Assert.Equal((4.25, SomeWindow.Monday.ToUnixTimeMilliseconds()), (score.GetProperty("values")[0].GetDouble(), score.GetProperty("timestamps")[0].GetInt64()));
    }

    private static async Task<List<JsonElement>> ExportAsync(TimeSeriesServer server, string metric)
    {
        await server.Http.GetAsync(new Uri(server.Url + "/internal/force_flush"), TestContext.Current.CancellationToken);
        var text = await server.Http.GetStringAsync(new Uri($"{server.Url}/api/v1/export?match[]={metric}"), TestContext.Current.CancellationToken);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
