using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.Pipelines;

/// <summary>
/// Which terms of the response were in force from which offset of the journal on, in the journal pipeline's checkpoint file. The engine is a fold over
/// journal and terms: whoever takes the same entries again needs the terms of their time to come to the same decisions.
/// </summary>
internal static class ResponseEras
{
    /// <summary>Notes under which terms the pipeline goes on.</summary>
    /// <param name="connection">The pipeline's own connection.</param>
    /// <param name="nextOffset">Offset of the entry that comes next.</param>
    /// <param name="terms">The terms.</param>
    public static void Note(SqliteConnection connection, long nextOffset, ResponseTerms terms)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            CREATE TABLE IF NOT EXISTS era (from_offset INTEGER PRIMARY KEY, terms TEXT NOT NULL) STRICT;
            INSERT INTO era (from_offset, terms) SELECT $offset, $terms
            WHERE $terms IS NOT (SELECT terms FROM era WHERE from_offset <= $offset ORDER BY from_offset DESC LIMIT 1)
            ON CONFLICT (from_offset) DO UPDATE SET terms = excluded.terms;
            """;
        command.Parameters.AddWithValue("$offset", nextOffset);
        command.Parameters.AddWithValue("$terms", terms.ToText());
        command.ExecuteNonQuery();
    }

    /// <summary>The eras of a pipeline, oldest first; empty while there is none. Reads beside the pipeline, without taking ownership.</summary>
    public static IReadOnlyList<(long FromOffset, string Terms)> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 10, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'era'";
        if (command.ExecuteScalar() is not 1L)
        {
            return [];
        }

        command.CommandText = "SELECT from_offset, terms FROM era ORDER BY from_offset";
        using var rows = command.ExecuteReader();
        var eras = new List<(long, string)>();
        while (rows.Read())
        {
            eras.Add((rows.GetInt64(0), rows.GetString(1)));
        }

        return eras;
    }
}
