using AgentSentinel.Core.State;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.Live;

/// <summary>
/// What the response line had saved at one moment: its engine's memory and its place in the journal, read in one transaction and without taking ownership.
/// A reader of the journal that begins there comes to the same decisions without reading all of it.
/// </summary>
internal sealed record JournalSeed(VolatileState State, long? NextOffset)
{
    public static JournalSeed Read(string path)
    {
        var state = new VolatileState();
        if (!File.Exists(path))
        {
            return new JournalSeed(state, null);
        }

        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 10, Pooling = false }.ConnectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name IN ('position', 'piece')";

        // The tables are not there in the moment between the file's creation and its first transaction.
        if (command.ExecuteScalar() is not 2L)
        {
            return new JournalSeed(state, null);
        }

        command.CommandText = "SELECT next_offset FROM position";
        var next = command.ExecuteScalar() as long?;
        command.CommandText = "SELECT kind, id, value FROM piece";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            state.Write(new StateKey((StateKind)rows.GetInt32(0), rows.GetString(1)), (byte[])rows.GetValue(2));
        }

        return new JournalSeed(state, next);
    }
}
