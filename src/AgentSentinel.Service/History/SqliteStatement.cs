using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>One statement, prepared once and run many times. Belongs to its connection, and to one thread.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;

    /// <param name="connection">The connection.</param>
    /// <param name="sql">The statement, with its parameters named <c>$0</c>, <c>$1</c> and so on.</param>
    /// <param name="parameters">How many there are.</param>
    public SqliteStatement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            _command.Parameters.Add(new SqliteParameter(FormattableString.Invariant($"${i}"), null));
        }
    }

    /// <summary>Runs it within a transaction.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run(SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it within a transaction and reads a number; null when there is no row.</summary>
    public long? Number(SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteScalar() as long?;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(SqliteTransaction transaction, ReadOnlySpan<object?> values)
    {
        _command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
