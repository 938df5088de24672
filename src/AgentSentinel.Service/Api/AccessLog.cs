using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using AgentSentinel.Service.Live;
using AgentSentinel.Service.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Api;

/// <summary>
/// Who read and who did what: one line of JSON per request, in one file a day and process. Questions for decisions are left out: gateways ask thousands a
/// second, and what they are answered stands in the audit. A request waits for room in the queue, not for the disk.
/// </summary>
internal sealed partial class AccessLog : BackgroundService
{
    private const string FilePrefix = "api-access-";
    private const int QueueLength = 4_096;
    private const int LongestTarget = 2_048;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly TimeSpan _keep;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

    public AccessLog(SentinelOptions options, TimeProvider time, ILogger<AccessLog> log)
    {
        _folder = options.Checkpoints.Folder;
        _keep = options.Api.KeepAccessLog;
        _time = time;
        _log = log;
    }

    /// <summary>Lets a request go on and notes it when its answer begins: a stream is noted then, not when it ends.</summary>
    public async Task NoteAsync(HttpContext context, RequestDelegate next)
    {
        var isNoted = false;
        context.Response.OnStarting(async () =>
        {
            isNoted = true;
            await WriteAsync(context);
        });
        try
        {
            await next(context);
        }
        finally
        {
            if (!isNoted && !context.Response.HasStarted)
            {
                await WriteAsync(context);
            }
        }
    }

    /// <summary>Notes that a page was opened without a request: in the console, one page leads to the next within a connection.</summary>
    public ValueTask NotePageAsync(Caller caller, string target, CancellationToken cancellationToken) => _entries.Writer.WriteAsync(
        new Entry(_time.GetUtcNow(), caller.Name, caller.Role, "PAGE", target.Length > LongestTarget ? target[..LongestTarget] : target, 200, null), cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _entries.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Directory.CreateDirectory(_folder);
        var pruned = DateOnly.MinValue;
        while (await _entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            try
            {
                var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
                await AppendAsync(PathOf(today));
                if (pruned != today)
                {
                    pruned = today;
                    Prune(today);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                NotWritten(_log, error);
                if (_entries.Reader.Completion.IsCompleted || stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                // Requests wait meanwhile once the queue is full: nobody reads without it being noted.
                await Task.Delay(RetryAfter, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private ValueTask WriteAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var caller = Caller.Of(context.User);
        return _entries.Writer.WriteAsync(
            new Entry(
                _time.GetUtcNow(),
                caller?.Name ?? context.User.Identity?.Name,
                caller?.Role,
                context.Request.Method,
                target.Length > LongestTarget ? target[..LongestTarget] : target,
                context.Response.StatusCode,
                context.Connection.RemoteIpAddress?.ToString()),
            context.RequestAborted);
    }

    private async Task AppendAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        while (_entries.Reader.TryRead(out var entry))
        {
            await JsonSerializer.SerializeAsync(file, entry, LiveJson.Options);
            file.WriteByte((byte)'\n');
        }
    }

    private string PathOf(DateOnly day) => Path.Combine(
        _folder, string.Create(CultureInfo.InvariantCulture, $"{FilePrefix}{day:yyyy-MM-dd}-{Environment.MachineName}-{Environment.ProcessId}.jsonl"));

    private void Prune(DateOnly today)
    {
        var oldest = today.AddDays(-(int)Math.Ceiling(_keep.TotalDays));
        foreach (var path in Directory.EnumerateFiles(_folder, FilePrefix + "*.jsonl"))
        {
            var name = Path.GetFileName(path).AsSpan(FilePrefix.Length);
            if (name.Length > 10 && DateOnly.TryParseExact(name[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < oldest)
            {
                File.Delete(path);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The access log cannot be written; it is tried again, and requests wait once its queue is full.")]
    private static partial void NotWritten(ILogger log, Exception error);

    private sealed record Entry(DateTimeOffset Time, string? Caller, Role? Role, string Method, string Target, int Status, string? Remote);
}
