using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Tests.Suspension;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.History;

public sealed class SqliteWindowWriterTests : IAsyncDisposable
{
    private readonly TemporaryFile _file = new();
    private readonly FakeTimeProvider _time = new(SomeWindow.Monday);
    private SqliteWindowWriter? _writer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SeriesQueries Series => new(new HistoryReader(_file.Path), new HistoryOptions());

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        SqliteConnection.ClearAllPools();
        _file.Dispose();
    }

    [Fact]
    public async Task Minutes_are_kept_as_they_were_and_gathered_into_five_minutes_and_hours()
    {
        var values = Enumerable.Range(0, 120).Select(minute =>
            SomeWindow.Agent(minute: minute, calls: minute, score: minute == 42 ? 5 : 0, expected: minute < 60 ? new ExpectedRange(minute, 2 * minute) : null)).ToArray();
        await WriteAsync(values);
        await StopAsync();

        var minutes = Agent(SeriesResolution.Minute);
        Assert.Equal(values.Select(v => (v.Start, (long)v.Calls, v.Bytes, v.Expected?.High, v.Score)), minutes.Select(p => (p.Start, p.Calls, p.Bytes, p.ExpectedHigh, p.Score)));
        var five = Agent(SeriesResolution.FiveMinutes);
        Assert.Equal(24, five.Count);
        Assert.Equal((SomeWindow.Monday.AddMinutes(40), 40L + 41 + 42 + 43 + 44, 44L, 42.0, 84.0, 5.0, 50.0), (five[8].Start, five[8].Calls, five[8].PeakCalls, five[8].ExpectedLow, five[8].ExpectedHigh, five[8].Score, five[8].Records));
        var hours = Agent(SeriesResolution.Hour);
        Assert.Equal([59L * 60 / 2, (60L + 119) * 60 / 2], hours.Select(h => h.Calls));
        Assert.Equal([29.5, null], hours.Select(h => h.ExpectedLow));
        var agent = new AgentQueries(new HistoryReader(_file.Path)).Find("agent-1")!;
        Assert.Equal((SomeWindow.Monday.AddHours(2), SomeWindow.Monday, hours[1].Calls), (agent.LastSeen, agent.KnownSince, agent.LastHourCalls));
    }

    [Fact]
    public async Task What_comes_again_or_late_or_after_a_restart_gives_the_same()
    {
        WindowValue[] values = [.. Enumerable.Range(0, 200).SelectMany(m => (WindowValue[])[SomeWindow.Agent(minute: m, calls: m), SomeWindow.Tool($"t{m % 3}", minute: m, calls: m), SomeWindow.Tool(WindowValue.Rest, minute: m) with { IsRest = true }])];
        await WriteAsync(values);
        await StopAsync();
        var expected = All();
        var random = new Random(7);
        for (var round = 0; round < 4; round++)
        {
            random.Shuffle(values);
            await WriteAsync(values[..300]);
            _time.Advance(TimeSpan.FromMinutes(2));
            await WriteAsync(values[200..]);
            if (round % 2 == 0)
            {
                await StopAsync();
            }
        }

        await StopAsync();
        Assert.Equal(expected, All());

        List<string> All() => [.. from resolution in Enum.GetValues<SeriesResolution>()
                                  from name in (string[])["t0", "t1", "t2", WindowValue.Rest]
                                  from point in Series.Points("agent-1", WindowDimension.Tool, name, name == WindowValue.Rest, resolution, DateTimeOffset.MinValue, DateTimeOffset.MaxValue)
                                  select $"{resolution} {name} {point}"];
    }

    [Fact]
    public async Task Each_resolution_is_kept_for_its_time()
    {
        var options = new HistoryOptions { KeepMinutes = TimeSpan.FromHours(6), KeepFiveMinutes = TimeSpan.FromDays(1), KeepHours = TimeSpan.FromDays(4) };
        for (var hour = 0; hour < 24 * 6; hour++)
        {
            await WriteAsync(Enumerable.Range(0, 60).Select(m => SomeWindow.Agent(minute: (hour * 60) + m)).ToArray(), options);
            _time.Advance(TimeSpan.FromHours(1));
        }

        await StopAsync();
        var end = SomeWindow.Monday.AddDays(6);
        Assert.InRange(end - Agent(SeriesResolution.Minute)[0].Start, TimeSpan.FromHours(6), TimeSpan.FromHours(8));
        Assert.InRange(end - Agent(SeriesResolution.FiveMinutes)[0].Start, TimeSpan.FromDays(1), TimeSpan.FromHours(26));
        Assert.InRange(end - Agent(SeriesResolution.Hour)[0].Start, TimeSpan.FromDays(4), TimeSpan.FromHours(98));
        Assert.All(Agent(SeriesResolution.Hour), h => Assert.Equal(180, h.Calls));
    }

    [Fact]
    public async Task What_is_older_than_points_are_kept_is_refused_and_leaves_what_was_gathered_alone()
    {
        await WriteAsync(SomeWindow.Agent(calls: 7), SomeWindow.Agent(minute: 1, calls: 8));
        await StopAsync();
        Assert.Equal(default, await WriteAsync(SomeWindow.Agent(minute: 60 * 24 * 5)));
        await StopAsync();
        Assert.Equal(new WindowWriteResult(1, "older_than_kept"), await WriteAsync(SomeWindow.Agent(calls: 100)));
        await StopAsync();
        Assert.Equal(15, Agent(SeriesResolution.Hour)[0].Calls);
    }

    [Fact]
    public async Task Names_come_busiest_first_and_hours_for_those_asked_for()
    {
        await WriteAsync(
            SomeWindow.Agent(calls: 9), SomeWindow.Tool("a", calls: 2), SomeWindow.Tool("b", calls: 7), SomeWindow.Dataset("d", calls: 5),
            SomeWindow.Tool(WindowValue.Rest, calls: 1) with { IsRest = true }, SomeWindow.Tool(WindowValue.Rest, calls: 3), SomeWindow.Agent("agent-2", calls: 4));
        await StopAsync();
        Assert.Equal(
            [("", false), ("b", false), ("d", false), (WindowValue.Rest, false), ("a", false), (WindowValue.Rest, true)],
            Series.Names("agent-1", SomeWindow.Monday, SomeWindow.Monday.AddHours(1)).Select(n => (n.Name, n.IsRest)));
        var hours = Series.Hours(["agent-1", "agent-2", "agent-3"], SomeWindow.Monday, SomeWindow.Monday.AddDays(1));
        Assert.Equal([("agent-1", 9L), ("agent-2", 4L)], hours.Select(h => (h.Key, h.Value.Single().Calls)).Order());
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_or_is_none_is_tried_again()
    {
        await File.WriteAllTextAsync(_file.Path, new string('x', 4096), Cancellation);
        await Assert.ThrowsAsync<WindowWriterUnavailableException>(() => WriteAsync(SomeWindow.Agent()));
        File.Delete(_file.Path);
        Assert.Equal(default, await WriteAsync(SomeWindow.Agent()));
    }

    [Fact]
    public void The_finest_resolution_is_taken_that_reaches_back_and_fits()
    {
        var now = SomeWindow.Monday;
        Assert.Equal(SeriesResolution.Minute, Series.Fitting(now.AddHours(-6), now, now, 1_000));
        Assert.Equal(SeriesResolution.FiveMinutes, Series.Fitting(now.AddDays(-3), now, now, 1_000));
        Assert.Equal(SeriesResolution.FiveMinutes, Series.Fitting(now.AddDays(-10), now.AddDays(-10).AddHours(1), now, 1_000));
        Assert.Equal(SeriesResolution.Hour, Series.Fitting(now.AddDays(-30), now, now, 1_000));
    }

    private async Task<WindowWriteResult> WriteAsync(params WindowValue[] values) => await WriteAsync(values, new HistoryOptions());

    private Task<WindowWriteResult> WriteAsync(WindowValue[] values, HistoryOptions options)
    {
        _writer ??= new SqliteWindowWriter(_file.Path, options, _time);
        return _writer.WriteAsync(values, Cancellation);
    }

    private async Task StopAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
            _writer = null;
        }
    }

    private IReadOnlyList<SeriesPoint> Agent(SeriesResolution resolution) =>
        Series.Points("agent-1", WindowDimension.Agent, "", false, resolution, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
}
