using Microsoft.ML;
using Microsoft.ML.Data;

namespace AgentSentinel.MachineLearning.Transforms;

/// <summary>The column of values.</summary>
internal static class SeriesColumn
{
    /// <summary>The column, which must hold single numbers.</summary>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var column = schema.GetColumnOrNull(name) ?? throw new ArgumentException($"There is no column '{name}' in the data.", nameof(schema));
        return column.Type == NumberDataViewType.Single
            ? column
            : throw new ArgumentException($"The column '{name}' holds {column.Type}; needed is {NumberDataViewType.Single}.", nameof(schema));
    }

    /// <summary>The first finite values.</summary>
    public static float[] Read(IDataView data, string name, int most)
    {
        var column = Find(data.Schema, name);
        var values = new List<float>();
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<float>(column);
        while (values.Count < most && cursor.MoveNext())
        {
            var value = 0f;
            getter(ref value);
            if (float.IsFinite(value))
            {
                values.Add(value);
            }
        }

        return [.. values];
    }
}
