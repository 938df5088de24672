using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>Columns of the history file as values.</summary>
internal static class RowReading
{
    public static DateTimeOffset Time(this SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static double? NumberOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    /// <summary>An enumeration that was stored as snake_case.</summary>
    public static T Name<T>(this SqliteDataReader row, int column)
        where T : struct, Enum => Enum.TryParse<T>(row.GetString(column).Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value) ? value : default;
}
