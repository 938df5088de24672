using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Options;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Live;

/// <summary>
/// Reads the journal on every instance, apart from the consumer group, and keeps the <see cref="JournalFold"/> and the <see cref="DecisionTable"/> up to date.
/// It asks for the journal's end once a second: only an answer shows that nothing is missing.
/// </summary>
internal sealed partial class JournalFollower : IHostedService, IDisposable
{
    private const int MostAtOnce = 500;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly SentinelOptions _options;
    private readonly JournalFold _fold;
    private readonly DecisionTable _table;
    private readonly LiveFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RepeatedErrors _errors;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;

    public JournalFollower(SentinelOptions options, JournalFold fold, DecisionTable table, LiveFeed feed, TimeProvider time, ILogger<JournalFollower> log)
    {
        _options = options;
        _fold = fold;
        _table = table;
        _feed = feed;
        _time = time;
        _log = log;
        _errors = new RepeatedErrors(options.Kafka.JournalTopic, time, log);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "journal follower" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.Set();
        _feed.End();
        if (_thread is not null)
        {
            await _completion.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _stopping.Dispose();

    private void Run()
    {
        while (!_stopping.IsSet)
        {
            try
            {
                using var consumer = Open();
                Follow(consumer);
            }
            catch (Exception error)
            {
                // Whatever it is must not end the process, and with it the lines. The table goes out of date meanwhile, and says so.
                NotFollowing(_log, _options.Kafka.JournalTopic, error);
                _stopping.Wait(RetryAfter);
            }
        }

        _completion.SetResult();
    }

    private IConsumer<Ignore, byte[]> Open()
    {
        _fold.Begin();
        var settings = KafkaClientSettings.ForConsumer(_options.Kafka, $"{_options.Kafka.GroupId}-live");
        settings.EnableAutoCommit = false;
        settings.ConsumeResultFields = "all";

        // What is missing must not be skipped: then the beginning is what the response line has saved by then.
        settings.AutoOffsetReset = AutoOffsetReset.Error;
        var consumer = new ConsumerBuilder<Ignore, byte[]>(settings)
            .SetErrorHandler((_, error) => KafkaLog.ClientError(_log, error.Code, error.Reason))
            .SetLogHandler((_, message) => KafkaLog.FromLibrary(_log, message))
            .Build();
        var begin = _fold.NextOffset is { } next ? new Offset(next) : Offset.Beginning;
        consumer.Assign(new TopicPartitionOffset(_options.Kafka.JournalTopic, 0, begin));
        return consumer;
    }

    /// <summary>Returns when it has to begin anew, or to stop.</summary>
    private void Follow(IConsumer<Ignore, byte[]> consumer)
    {
        var (isAtEnd, end, checkedAt) = (false, 0L, (long?)null);
        while (!_stopping.IsSet)
        {
            var record = consumer.Consume(Tick);
            var isCheckDue = checkedAt is null || _time.GetElapsedTime(checkedAt.Value) >= CheckEvery;
            if ((isCheckDue || record is { IsPartitionEOF: false }) && !_fold.Agrees())
            {
                BeginningAnew(_log, _options.Kafka.JournalTopic);
                return;
            }

            for (var taken = 1; record is not null; record = taken++ < MostAtOnce ? consumer.Consume(TimeSpan.Zero) : null)
            {
                if (record.IsPartitionEOF)
                {
                    (isAtEnd, end) = (true, record.Offset.Value);
                }
                else
                {
                    isAtEnd = false;
                    _fold.Take(record.Offset.Value, record.Message.Value);
                }
            }

            _fold.Publish(isAtEnd);
            if (isCheckDue)
            {
                checkedAt = _time.GetTimestamp();
                isAtEnd = Confirm(consumer, Math.Max(end, _fold.NextOffset ?? 0), checkedAt.Value);
            }
        }
    }

    /// <summary>Asks whether the journal holds more than is known.</summary>
    private bool Confirm(IConsumer<Ignore, byte[]> consumer, long known, long askedAt)
    {
        try
        {
            var isAll = consumer.QueryWatermarkOffsets(new TopicPartition(_options.Kafka.JournalTopic, 0), CheckTimeout).High.Value <= known;
            if (isAll)
            {
                _fold.Publish(isAtEnd: true);
                _table.Confirm(askedAt);
            }

            return isAll;
        }
        catch (KafkaException error)
        {
            _errors.Log(error.Error);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Topic} cannot be followed; it is tried again. Until then decisions may be out of date.")]
    private static partial void NotFollowing(ILogger log, string topic, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Topic} is followed anew: the response line has taken entries under other terms.")]
    private static partial void BeginningAnew(ILogger log, string topic);
}
