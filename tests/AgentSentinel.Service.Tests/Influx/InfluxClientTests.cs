using System.IO.Compression;
using System.Text;
using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Influx;
using AgentSentinel.Service.Tests.History;
using AgentSentinel.Service.Tests.Suspension;

namespace AgentSentinel.Service.Tests.Influx;

public sealed class InfluxClientTests : IAsyncDisposable
{
    private readonly ScriptedServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(InfluxDialect.V1, "POST /write?db=d%26b&precision=ns&rp=short HTTP/1.1", "Token t0")]
    [InlineData(InfluxDialect.V2, "POST /api/v2/write?bucket=d%26b&precision=ns&org=o HTTP/1.1", "Token t0")]
    [InlineData(InfluxDialect.V3, "POST /api/v3/write_lp?db=d%26b&precision=nanosecond&accept_partial=true HTTP/1.1", "Bearer t0")]
    public async Task Each_dialect_has_its_path_and_its_way_to_authorize(InfluxDialect dialect, string line, string authorization)
    {
        _server.Then(ScriptedServer.Status(204));
        Assert.Equal(InfluxWriteKind.Done, (await WriteAsync(Options() with { Dialect = dialect, Database = "d&b", RetentionPolicy = "short", Organization = "o", Token = "t0" })).Kind);
        var request = await _server.NextRequestAsync();
        Assert.Equal((line, authorization), (request.Line, request.Headers["authorization"]));
        Assert.Equal("gzip", request.Headers["content-encoding"]);
        await using var unzipped = new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped, Encoding.UTF8);
        Assert.Equal("m x=1i 1\n", await reader.ReadToEndAsync(Cancellation));
    }

    [Theory]
    [InlineData(InfluxDialect.V1, "Basic dTpwdw==")]
    [InlineData(InfluxDialect.V2, "Token u:pw")]
    public async Task A_user_with_a_password_from_a_file_is_one_too_and_gzip_can_be_off(InfluxDialect dialect, string authorization)
    {
        using var file = new TemporaryFile();
        await File.WriteAllTextAsync(file.Path, "pw\n", Cancellation);
        _server.Then(ScriptedServer.Status(204));
        await WriteAsync(Options() with { Dialect = dialect, User = "u", PasswordFile = file.Path, Gzip = false });
        var request = await _server.NextRequestAsync();
        Assert.Equal(authorization, request.Headers["authorization"]);
        Assert.Equal("m x=1i 1\n"u8, request.Body);
    }

    [Theory]
    [InlineData(429, InfluxWriteKind.Unavailable, 0)]
    [InlineData(500, InfluxWriteKind.Unavailable, 0)]
    [InlineData(503, InfluxWriteKind.Unavailable, 0)]
    [InlineData(413, InfluxWriteKind.TooLarge, 0)]
    [InlineData(401, InfluxWriteKind.Done, 10)]
    [InlineData(404, InfluxWriteKind.Done, 10)]
    [InlineData(501, InfluxWriteKind.Done, 10)]
    [InlineData(302, InfluxWriteKind.Done, 10)]
    public async Task A_status_says_whether_to_try_again(int status, object kind, int rejected)
    {
        _server.Then(ScriptedServer.Status(status, "Location: /elsewhere", "Retry-After: 7"));
        var result = await WriteAsync(Options(), points: 10);
        Assert.Equal((kind, rejected, $"http_{status}"), (result.Kind, result.Rejected, result.Reason));
        Assert.Equal((InfluxWriteKind)kind == InfluxWriteKind.Unavailable ? TimeSpan.FromSeconds(7) : null, result.RetryAfter);
        await _server.NextRequestAsync();
        Assert.False(_server.HasMoreRequests);
    }

    [Theory]
    [InlineData(422, """{"code":"unprocessable entity","message":"failure writing points to database: partial write: field type conflict dropped=3"}""", 3)]
    [InlineData(400, """{"error":"partial write of line protocol occurred","data":[{"original_line":"a","line_number":1,"error_message":"b"},{"original_line":"a","line_number":2,"error_message":"b"}]}""", 2)]
    [InlineData(400, """{"code":"invalid","message":"unable to parse 'x': missing fields"}""", 10)]
    [InlineData(400, """{"error":"partial write: dropped=99999999999999"}""", 1)]
    [InlineData(400, """{"error":"partial write: dropped=5000"}""", 10)]
    [InlineData(400, "<html>", 10)]
    [InlineData(400, "[]", 10)]
    public async Task What_was_rejected_is_taken_from_the_answer_and_never_more_than_was_sent(int status, string body, int rejected)
    {
        _server.Then(ScriptedServer.Raw($"HTTP/1.1 {status} X\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n{body}"));
        var result = await WriteAsync(Options(), points: 10);
        Assert.Equal((InfluxWriteKind.Done, rejected), (result.Kind, result.Rejected));
    }

    [Fact]
    public async Task A_server_that_hangs_closes_or_is_not_there_is_unavailable()
    {
        _server.Then(ScriptedServer.Hang, ScriptedServer.Reset, ScriptedServer.Close);
        var options = Options() with { Timeout = TimeSpan.FromMilliseconds(200) };
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(InfluxWriteKind.Unavailable, (await WriteAsync(options)).Kind);
        }

        _server.StopListening();
        Assert.Equal(InfluxWriteKind.Unavailable, (await WriteAsync(options)).Kind);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_halved_until_it_fits()
    {
        _server.Then(ScriptedServer.Status(413), ScriptedServer.Status(204), ScriptedServer.Status(413), ScriptedServer.Status(204), ScriptedServer.Status(413));
        await using var writer = new InfluxWindowWriter(new InfluxClient(Options(), TimeProvider.System));
        WindowValue[] values = [.. Enumerable.Range(0, 4).Select(i => SomeWindow.Agent(minute: i))];
        var result = await writer.WriteAsync(values, Cancellation);
        Assert.Equal((1, "http_413"), (result.Rejected, result.Reason));
    }

    [Fact]
    public async Task An_overloaded_server_is_reported_with_the_wait_it_asks_for()
    {
        _server.Then(ScriptedServer.Status(503, "Retry-After: 3"));
        await using var writer = new InfluxWindowWriter(new InfluxClient(Options(), TimeProvider.System));
        var error = await Assert.ThrowsAsync<WindowWriterUnavailableException>(() => writer.WriteAsync(new[] { SomeWindow.Agent() }, Cancellation));
        Assert.Equal(TimeSpan.FromSeconds(3), error.RetryAfter);
    }

    [Fact]
    public void Options_that_would_fail_later_are_refused_and_no_secret_is_repeated()
    {
        Assert.Empty(new InfluxOptions().Validate());
        Assert.Empty(Options().Validate());
        Assert.Empty(new InfluxOptions { Url = "http://influxdb:8086", AllowHttp = true }.Validate());
        Assert.StartsWith("Url:", Assert.Single(new InfluxOptions { Url = "http://influxdb:8086" }.Validate()));
        Assert.StartsWith("Url:", Assert.Single(new InfluxOptions { Url = "influxdb:8086" }.Validate()));
        Assert.StartsWith("Url:", Assert.Single(new InfluxOptions { Url = "https://u:p@influxdb" }.Validate()));
        Assert.StartsWith("TokenFile:", Assert.Single(Options().Validate().Concat((Options() with { TokenFile = "/nowhere/token" }).Validate())));
        var hostile = Assert.Single((Options() with { Token = "secret\r\nX: y" }).Validate());
        Assert.DoesNotContain("secret", hostile, StringComparison.Ordinal);
    }

    private InfluxOptions Options() => new() { Url = $"http://127.0.0.1:{_server.Port}" };

    private static async Task<InfluxWriteResult> WriteAsync(InfluxOptions options, int points = 1)
    {
        using var client = new InfluxClient(options, TimeProvider.System);
        return await client.WriteAsync("m x=1i 1\n"u8.ToArray(), points, Cancellation);
    }
}
