using AgentSentinel.Service.Pipelines;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>
/// Under which terms of the response the projection took the entries of the journal, to be held against those under which the response line took them.
/// Owned by the journal's projection; saved in the history file.
/// </summary>
internal sealed class UsedEras : IDisposable
{
    private readonly SortedList<long, string> _used = [];
    private readonly SqliteStatement _note;

    public UsedEras(SqliteConnection connection)
    {
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT from_offset, terms FROM era";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                _used.Add(rows.GetInt64(0), rows.GetString(1));
            }
        }

        _note = new(connection, "INSERT OR REPLACE INTO era (from_offset, terms) VALUES ($0, $1)", 2);
    }

    /// <summary>Terms that the response line had for an entry; null while it has told nothing.</summary>
    public static string? At(IReadOnlyList<(long FromOffset, string Terms)> told, long offset) => told.LastOrDefault(era => era.FromOffset <= offset).Terms;

    /// <summary>False when an entry that was taken already was taken under other terms than the response line's.</summary>
    /// <param name="told">What the response line says; see <see cref="ResponseEras"/>.</param>
    /// <param name="nextOffset">Offset of the entry that comes next here.</param>
    public bool Agree(IReadOnlyList<(long FromOffset, string Terms)> told, long nextOffset) =>
        _used.Keys.Concat(told.Select(era => era.FromOffset))
            .Where(offset => offset < nextOffset)
            .All(offset => At(told, offset) is not { } theirs || Used(offset) is not { } ours || theirs == ours);

    /// <summary>Notes that from this entry on these terms are used, if they are other ones than before.</summary>
    public void Use(SqliteTransaction transaction, long offset, string terms)
    {
        if (Used(offset) != terms)
        {
            _used[offset] = terms;
            _note.Run(transaction, offset, terms);
        }
    }

    public void Dispose() => _note.Dispose();

    private string? Used(long offset) => _used.LastOrDefault(era => era.Key <= offset).Value;
}
