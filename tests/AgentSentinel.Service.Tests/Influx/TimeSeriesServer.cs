using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AgentSentinel.Service.Tests.Influx;

/// <summary>
/// A real server of this machine, on a free port of 127.0.0.1 and with a data folder of its own. Where the program is not installed a test is
/// skipped; in CI that is a failure.
/// </summary>
internal sealed class TimeSeriesServer : IAsyncDisposable
{
    private readonly string _program;
    private readonly Func<TimeSeriesServer, string[]> _arguments;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-series-");
    private Process? _process;

    private TimeSeriesServer(string program, Func<TimeSeriesServer, string[]> arguments)
    {
        _program = program;
        _arguments = arguments;
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        Port = ((IPEndPoint)free.LocalEndpoint).Port;
    }

    public int Port { get; }

    public string Folder => _folder.FullName;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    public HttpClient Http { get; } = new();

    public static Task<TimeSeriesServer> StartInfluxDbAsync() => StartAsync("influxd", server =>
    {
        var path = Path.Combine(server.Folder, "influxdb.conf");
        using var rpc = new TcpListener(IPAddress.Loopback, 0);
        rpc.Start();
        File.WriteAllText(path, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{((IPEndPoint)rpc.LocalEndpoint).Port}"
            [meta]
            dir = "{server.Folder}/meta"
            [data]
            dir = "{server.Folder}/data"
            wal-dir = "{server.Folder}/wal"
            [http]
            bind-address = "127.0.0.1:{server.Port}"
            log-enabled = false
            [monitor]
            store-enabled = false
            """);
        return ["-config", path];
    });

    public static Task<TimeSeriesServer> StartVictoriaMetricsAsync() => StartAsync("victoria-metrics", server =>
        [$"-storageDataPath={server.Folder}/data", $"-httpListenAddr=127.0.0.1:{server.Port}", "-retentionPeriod=100y", "-memory.allowedBytes=64MB"]);

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(_program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in _arguments(this))
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var tries = 0; !await AnswersAsync(); tries++)
        {
            Assert.False(_process.HasExited || tries > 1_000, $"{_program} did not start.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>As a crash would end it.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Http.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<TimeSeriesServer> StartAsync(string program, Func<TimeSeriesServer, string[]> arguments)
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
        if (!isThere)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{program} is not installed.");
            Assert.Skip($"{program} is not installed.");
        }

        var server = new TimeSeriesServer(program, arguments);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch (Exception error) when (error is not Win32Exception)
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Url + "/ping"), TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
