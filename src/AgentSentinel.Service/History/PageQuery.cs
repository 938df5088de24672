using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.History;

/// <summary>
/// A list in an order, by pages that begin after the last row of the page before (keyset): the thousandth page costs what the first does, and rows
/// that come in between shift nothing.
/// </summary>
/// <remarks>
/// Which rows are on the page is found first, in an index alone where it holds all that is asked for; only those rows are then read.
/// </remarks>
/// <param name="table">The table.</param>
/// <param name="columns">What a row consists of.</param>
/// <param name="key">Column to order by; never null.</param>
/// <param name="tie">Unique column that decides between equal keys.</param>
/// <param name="isDescending">The largest first.</param>
internal sealed class PageQuery(string table, string columns, string key, string tie, bool isDescending)
{
    private readonly List<string> _conditions = [];
    private readonly List<object> _values = [];

    private string _index = "";

    // A page of another order would begin anywhere.
    private string Order => $"{key} {(isDescending ? "desc" : "asc")}";

    /// <summary>Only rows for which this holds.</summary>
    /// <param name="condition">SQL with ? for each value. Never made of anybody's text.</param>
    /// <param name="values">The values.</param>
    public PageQuery Where(string condition, params ReadOnlySpan<object> values)
    {
        var parts = condition.Split('?');
        var text = new StringBuilder(parts[0]);
        for (var i = 0; i < values.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"${_values.Count}").Append(parts[i + 1]);
            _values.Add(values[i]);
        }

        _conditions.Add(text.ToString());
        return this;
    }

    /// <summary>Finds the rows through this index: where the choice is known better than the planner can know it.</summary>
    public PageQuery Through(string index)
    {
        _index = $" INDEXED BY {index}";
        return this;
    }

    /// <summary>Only rows for which this holds, if there is a value.</summary>
    public PageQuery WhereIf(object? value, string condition) => value is null ? this : Where(condition, value);

    /// <summary>Only rows whose column has one of these values, if there are any.</summary>
    public PageQuery WhereAny(string column, IReadOnlyCollection<string>? values) =>
        values is not { Count: > 0 } ? this
        : values.Count == 1 ? Where($"{column} = ?", values.First())
        : Where($"{column} IN ({string.Join(", ", values.Select(_ => "?"))})", [.. values]);

    /// <summary>Only rows from and before these moments, as far as there are any.</summary>
    public PageQuery Within(string column, DateTimeOffset? from, DateTimeOffset? before) =>
        WhereIf(from?.ToUnixTimeMilliseconds(), $"{column} >= ?").WhereIf(before?.ToUnixTimeMilliseconds(), $"{column} < ?");

    /// <exception cref="InvalidCursorException">The page asked for is none of this list and order.</exception>
    public Page<T> Read<T>(SqliteConnection connection, PageRequest page, Func<SqliteDataReader, T> read)
    {
        var size = Math.Clamp(page.Size, 1, PageRequest.MostRows);
        if (page.After is not null)
        {
            Where($"({key}, {tie}) {(isDescending ? "<" : ">")} (?, ?)", Decode(page.After));
        }

        using var command = Command(connection, size + 1, 0);
        using var rows = command.ExecuteReader();
        var items = new List<T>(size);
        string? last = null;
        while (rows.Read())
        {
            if (items.Count == size)
            {
                return new Page<T>(items, last);
            }

            items.Add(read(rows));
            last = items.Count == size ? Encode(rows.GetValue(rows.FieldCount - 2), rows.GetValue(rows.FieldCount - 1)) : null;
        }

        return new Page<T>(items, null);
    }

    /// <summary>Some rows from a place on.</summary>
    public IReadOnlyList<T> Read<T>(SqliteConnection connection, int skip, int take, Func<SqliteDataReader, T> read)
    {
        using var command = Command(connection, Math.Clamp(take, 1, PageRequest.MostRows), Math.Max(skip, 0));
        using var rows = command.ExecuteReader();
        var items = new List<T>();
        while (rows.Read())
        {
            items.Add(read(rows));
        }

        return items;
    }

    /// <summary>How many rows there are.</summary>
    public int Count(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}{_index}{Conditions}";
        Bind(command);
        return (int)(long)command.ExecuteScalar()!;
    }

    private string Conditions => _conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", _conditions);

    private SqliteCommand Command(SqliteConnection connection, int limit, int offset)
    {
        var command = connection.CreateCommand();
        var order = isDescending ? $"ORDER BY {key} DESC, {tie} DESC" : $"ORDER BY {key}, {tie}";
        command.CommandText = FormattableString.Invariant(
            $"SELECT {columns}, {key}, {tie} FROM {table} WHERE {tie} IN (SELECT {tie} FROM {table}{_index}{Conditions} {order} LIMIT {limit} OFFSET {offset}) {order}");
        Bind(command);
        return command;
    }

    private void Bind(SqliteCommand command)
    {
        for (var i = 0; i < _values.Count; i++)
        {
            command.Parameters.AddWithValue(FormattableString.Invariant($"${i}"), _values[i]);
        }
    }

    private string Encode(object keyValue, object tieValue) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { Order, keyValue, tieValue }));

    private object[] Decode(string after)
    {
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(after));
            if (json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.GetArrayLength() == 3 && json.RootElement[0].ValueEquals(Order))
            {
                return [Value(json.RootElement[1]), Value(json.RootElement[2])];
            }
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            // Not one of ours.
        }

        throw new InvalidCursorException();
    }

    private static object Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        _ => throw new FormatException(),
    };
}
