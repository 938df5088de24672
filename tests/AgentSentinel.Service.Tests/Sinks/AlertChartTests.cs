using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Sinks;
using AgentSentinel.Service.Tests.History;
using AgentSentinel.Service.Tests.Suspension;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;

namespace AgentSentinel.Service.Tests.Sinks;

public sealed class AlertChartTests : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly TemporaryFile _file = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _file.Dispose();
    }

    [Fact]
    public async Task The_hours_around_an_alert_are_drawn_with_the_usual_range_and_the_anomalies()
    {
        await WriteAsync(score: 6);
        var png = await Chart().DrawAsync(About(HostileAlert.AgentId), Now);
        Assert.NotNull(png);
        using var picture = SKBitmap.Decode(png);
        Assert.Equal((420, 170), (picture.Width, picture.Height));
        Assert.True(Count(picture, IsRed) > 20, "The anomalies are not marked.");
        Assert.True(Count(picture, IsBand) > 500, "The usual range is not drawn.");

        var card = TeamsCard.Write(IncidentMessage.Of(SomeAlert.Numbered(0)), "https://sentinel.example", png);
        Assert.True(card.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(png)[..50])) > 0, $"A picture of {png.Length} bytes is too long for a card.");
    }

    [Fact]
    public async Task Without_anything_that_scored_nothing_is_marked()
    {
        await WriteAsync(score: 0);
        using var picture = SKBitmap.Decode(await Chart().DrawAsync(About(HostileAlert.AgentId), Now));
        Assert.Equal(0, Count(picture, IsRed));
    }

    [Fact]
    public async Task Where_there_is_no_history_there_is_no_picture()
    {
        Assert.Null(await Chart().DrawAsync(About("agent"), Now));
        await WriteAsync(score: 6);
        Assert.Null(await Chart().DrawAsync(About("another"), Now));
        Assert.Null(await Chart().DrawAsync(HostileAlert.Of(AlertKind.SuspensionOrdered, incidentId: null), Now));
    }

    private static Alert About(string agentId) => HostileAlert.Of(AlertKind.Opened) with
    {
        AgentId = agentId, FirstEventTime = SomeWindow.Monday.AddMinutes(100), LastEventTime = SomeWindow.Monday.AddMinutes(110),
    };

    private static bool IsRed(SKColor c) => c is { Red: > 200, Green: < 60, Blue: < 60 };

    private static bool IsBand(SKColor c) => c.Blue > c.Red + 15 && c.Red > 150;

    private static int Count(SKBitmap picture, Func<SKColor, bool> isCounted) => picture.Pixels.Count(isCounted);

    private AlertChart Chart() => new(new SeriesQueries(new HistoryReader(_file.Path), new HistoryOptions()));

    private async Task WriteAsync(double score)
    {
        await using var writer = new SqliteWindowWriter(_file.Path, new HistoryOptions(), new FakeTimeProvider(SomeWindow.Monday));
        WindowValue[] windows =
        [
            .. Enumerable.Range(0, 120).Select(m => SomeWindow.Agent(HostileAlert.AgentId, m, m is >= 100 and < 110 ? 60 : 5 + (m % 4), m is >= 100 and < 110 ? score : 0, new ExpectedRange(2, 30))),
        ];
        await writer.WriteAsync(windows, Now);
    }
}
