using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;

namespace AgentSentinel.Service.Influx;

/// <summary>
/// Closed windows in InfluxDB: <c>agent_calls</c>, <c>tool_calls</c> and <c>dataset_calls</c>, tagged with the agent and the tool or dataset.
/// A window written again has the same time and tags, so that it replaces itself.
/// </summary>
internal sealed class InfluxWindowWriter(InfluxClient client) : IWindowWriter
{
    private readonly LineProtocol _lines = new();

    public string Name => "influxdb";

    public async Task<WindowWriteResult> WriteAsync(ReadOnlyMemory<WindowValue> values, CancellationToken cancellationToken)
    {
        _lines.Clear();
        foreach (ref readonly var value in values.Span)
        {
            Add(value);
        }

        // What cannot be said in the protocol at all is lost as well.
        var rejected = values.Length - _lines.Points;
        if (_lines.Points == 0)
        {
            return new WindowWriteResult(rejected);
        }

        var result = await client.WriteAsync(_lines.Written, _lines.Points, cancellationToken);
        switch (result.Kind)
        {
            case InfluxWriteKind.Unavailable:
                throw new WindowWriterUnavailableException(result.Reason, result.RetryAfter);
            case InfluxWriteKind.TooLarge:
                // A second half that finds the server gone is tried again with the first: a point written twice is one point.
                var half = values.Length / 2;
                var first = await WriteAsync(values[..half], cancellationToken);
                var second = await WriteAsync(values[half..], cancellationToken);
                return new WindowWriteResult(first.Rejected + second.Rejected, second.Reason ?? first.Reason);
            default:
                return new WindowWriteResult(rejected + result.Rejected, result.Rejected > 0 ? result.Reason : null);
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Add(in WindowValue value)
    {
        switch (value.Dimension)
        {
            case WindowDimension.Agent:
                _lines.Begin("agent_calls");
                _lines.Tag("agent_id", value.AgentId);
                AddFigures(value);
                _lines.Field("denials", (long)value.Denials);
                _lines.Field("tokens", value.Tokens);
                _lines.Field("score", value.Score);
                if (value.Expected is { } expected)
                {
                    _lines.Field("expected_low", expected.Low);
                    _lines.Field("expected_high", expected.High);
                }

                if (value.DistinctResources is { } distinct)
                {
                    _lines.Field("distinct_resources", distinct);
                }

                break;
            case WindowDimension.Tool:
                _lines.Begin("tool_calls");
                _lines.Tag("agent_id", value.AgentId);
                _lines.Tag("tool", TagOf(value));
                AddFigures(value);
                break;
            default:
                _lines.Begin("dataset_calls");
                _lines.Tag("agent_id", value.AgentId);
                _lines.Tag("dataset", TagOf(value));
                AddFigures(value);
                break;
        }

        _lines.End(value.Start);
    }

    private void AddFigures(in WindowValue value)
    {
        _lines.Field("calls", (long)value.Calls);
        _lines.Field("failures", (long)value.Failures);
        _lines.Field("records", value.Records);
        _lines.Field("bytes", value.Bytes);
    }

    // A tool that is really called so must not fall into the rest.
    private static string TagOf(in WindowValue value) => !value.IsRest && value.Name == WindowValue.Rest ? $"\"{WindowValue.Rest}\"" : value.Name;
}
