using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>The history file, to be read: by any number of readers, while the service writes it. Keeps nothing open between two questions but pooled connections.</summary>
/// <param name="path">The file.</param>
public sealed class HistoryReader(string path)
{
    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadOnly,
        DefaultTimeout = 5,
        Pooling = true,
    }.ConnectionString;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Opens it for one question.</summary>
    /// <exception cref="HistoryUnavailableException">There is nothing to read.</exception>
    internal SqliteConnection Open()
    {
        if (!File.Exists(path))
        {
            throw new HistoryUnavailableException("There is no history file.");
        }

        var connection = new SqliteConnection(_connection);
        try
        {
            connection.Open();

            // In the moment of its creation the file has no tables yet.
            HistoryFile.Execute(connection, "PRAGMA query_only = 1; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; SELECT number FROM version;");
            return connection;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw new HistoryUnavailableException("The history file cannot be opened.", error);
        }
    }
}
