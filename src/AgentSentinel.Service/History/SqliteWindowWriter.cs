using AgentSentinel.Core.Detection;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>
/// Closed windows in the history file. It is opened at the first write, so that a file that cannot be opened is a matter of history and holds nobody up.
/// </summary>
internal sealed class SqliteWindowWriter(string path, HistoryOptions options, TimeProvider time) : IWindowWriter
{
    private static readonly TimeSpan GatherInterval = TimeSpan.FromMinutes(1);

    private SeriesTables? _tables;
    private long _gatheredAt = time.GetTimestamp();

    public string Name => "sqlite";

    public Task<WindowWriteResult> WriteAsync(ReadOnlyMemory<WindowValue> values, CancellationToken cancellationToken)
    {
        try
        {
            _tables ??= new SeriesTables(path, options);
            var expired = _tables.Write(values.Span);
            if (time.GetElapsedTime(_gatheredAt) >= GatherInterval)
            {
                _tables.Gather(cancellationToken);
                _gatheredAt = time.GetTimestamp();
            }

            return Task.FromResult(new WindowWriteResult(expired, expired > 0 ? "older_than_kept" : null));
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            // Busy, full, read-only, not there: each of them may pass.
            throw new WindowWriterUnavailableException(error is SqliteException sqlite ? FormattableString.Invariant($"sqlite_{sqlite.SqliteErrorCode}") : error.GetType().Name, inner: error);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_tables is { } tables)
        {
            _tables = null;
            try
            {
                tables.Gather(CancellationToken.None);
            }
            catch (SqliteException)
            {
                // What was touched stays noted, and is gathered after the next start.
            }

            tables.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
