using System.Text.Json;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Cli.Replay;

/// <summary>Scores of events as JSON lines: <c>id, agent_id, session_id, score, detector, evidence</c>.</summary>
internal sealed class ScoreWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;

    public ScoreWriter(Stream stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(stream);
    }

    public void Write(ToolCall call, Finding finding, Detector? detector)
    {
        _json.WriteStartObject();
        _json.WriteString("id"u8, call.IdUtf8.Span);
        _json.WriteString("agent_id"u8, call.AgentId);
        _json.WriteString("session_id"u8, call.SessionId);
        _json.WriteNumber("score"u8, finding.Score);
        _json.WriteString("detector"u8, detector?.Name);
        if (detector is null)
        {
            _json.WriteNull("evidence"u8);
        }
        else
        {
            _json.WriteStartObject("evidence"u8);
            _json.WriteString("feature"u8, detector.Features[finding.Feature].Name);
            _json.WriteNumber("observed"u8, finding.Observed);
            _json.WriteNumber("expected_low"u8, finding.ExpectedLow);
            _json.WriteNumber("expected_high"u8, finding.ExpectedHigh);
            _json.WriteNumber("surprisal"u8, finding.Surprisal);
            _json.WriteString("dimension"u8, finding.Dimension);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _stream.WriteByte((byte)'\n');
    }

    public void Dispose()
    {
        _json.Dispose();
        _stream.Dispose();
    }
}
