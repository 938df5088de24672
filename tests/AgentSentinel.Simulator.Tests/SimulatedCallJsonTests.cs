using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Simulator.Tests;

public sealed partial class SimulatedCallJsonTests
{
    private static readonly HashSet<string> Contract =
    [
        "id", "time", "agent_id", "kind", "tool", "tool_server", "action", "resources", "status", "error",
        "records", "request_bytes", "result_bytes", "duration_ms", "tokens", "session_id", "trace_id", "span_id", "parent_span_id",
        "principal", "credential_id", "agent_version", "approval_id", "result_source", "labels",
    ];

    private static readonly HashSet<string> LabelFields = ["kind", "agent_kind", "peer_group", "incident", "incident_id", "partner", "disturbance", "attack_call"];

    // Every incident's calls, and one ordinary call in two hundred.
    private static readonly SimulatedCall[] Calls =
        [.. SomeSimulation.WithIncidents.Calls().Where(call => call.Incident is not null || call.Sequence % 200 == 0)];

    [Fact]
    public void Every_call_is_one_object_with_fields_of_the_contract_only()
    {
        foreach (SimulatedCall call in Calls)
        {
            byte[] json = Write(call);
            Assert.DoesNotContain((byte)'\n', json);
            using JsonDocument document = JsonDocument.Parse(json);
            string[] names = [.. document.RootElement.EnumerateObject().Select(property => property.Name)];
            Assert.Equal(names.Distinct(), names);
            Assert.Subset(Contract, names.ToHashSet());
            Assert.Subset(LabelFields, document.RootElement.GetProperty("labels").EnumerateObject().Select(property => property.Name).ToHashSet());
        }
    }

    [Fact]
    public void Fields_tell_what_the_call_tells()
    {
        foreach (SimulatedCall call in Calls)
        {
            using JsonDocument document = JsonDocument.Parse(Write(call));
            JsonElement json = document.RootElement;
            Assert.Equal(call.Id, json.GetProperty("id").GetString());
            Assert.Equal(call.Time, json.GetProperty("time").GetDateTimeOffset());
            Assert.EndsWith("Z", json.GetProperty("time").GetString(), StringComparison.Ordinal);
            Assert.Equal(call.AgentId, json.GetProperty("agent_id").GetString());
            Assert.Equal(call.CredentialId, json.GetProperty("credential_id").GetString());
            Assert.Equal(call.SessionId, json.GetProperty("session_id").GetString());
            Assert.Equal(call.SpanId.ToString("x16", CultureInfo.InvariantCulture), json.GetProperty("span_id").GetString());
            Assert.Matches(TraceId, json.GetProperty("trace_id").GetString());
            Assert.True(json.GetProperty("tokens").GetInt64() > 0);
            Assert.True(json.GetProperty("request_bytes").GetInt64() > 0);
            if (call.Kind == CallKind.Request)
            {
                Assert.Equal("request", json.GetProperty("kind").GetString());
                Assert.False(json.TryGetProperty("tool", out _));
                continue;
            }

            Assert.Equal("tool_call", json.GetProperty("kind").GetString());
            Assert.Equal(call.Tool!.Name, json.GetProperty("tool").GetString());
            Assert.Equal(call.DurationMs, json.GetProperty("duration_ms").GetInt64());
            Assert.Equal(call.ResultBytes, json.GetProperty("result_bytes").GetInt64());
            Assert.Equal(call.Status.ToString(), json.GetProperty("status").GetString(), ignoreCase: true);
            Assert.Equal(call.Status != CallStatus.Ok, json.TryGetProperty("error", out _));
            Assert.Equal(call.Records, json.TryGetProperty("records", out JsonElement records) ? records.GetInt64() : null);
            Assert.Equal(call.Resources, json.TryGetProperty("resources", out JsonElement resources)
                ? resources.EnumerateArray().Select(resource => resource.GetString()!)
                : []);
        }
    }

    [Fact]
    public void Labels_tell_the_truth()
    {
        foreach (SimulatedCall call in Calls)
        {
            using JsonDocument document = JsonDocument.Parse(Write(call));
            JsonElement labels = document.RootElement.GetProperty("labels");
            Assert.Equal(call.Incident is null ? "benign" : "attack", labels.GetProperty("kind").GetString());
            Assert.Equal(call.IsAttackCall, labels.GetProperty("attack_call").GetBoolean());
            Assert.Equal(call.Incident?.Id, labels.TryGetProperty("incident_id", out JsonElement id) ? id.GetString() : null);
            Assert.Equal(call.Incident?.KindName, labels.TryGetProperty("incident", out JsonElement kind) ? kind.GetString() : null);
        }
    }

    [Fact]
    public void Truth_stands_nowhere_outside_the_labels()
    {
        string[] tellTales = ["attack", "benign", "incident", .. SomeSimulation.WithIncidents.Incidents.Select(incident => incident.KindName).Distinct()];
        foreach (SimulatedCall call in Calls)
        {
            string json = Encoding.UTF8.GetString(Write(call));
            string withoutLabels = json[..json.IndexOf("\"labels\"", StringComparison.Ordinal)];
            Assert.EndsWith("}}", json, StringComparison.Ordinal);
            Assert.DoesNotContain(tellTales, tale => withoutLabels.Contains(tale, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Without_its_labels_an_attack_call_has_the_same_fields_and_shapes_as_an_ordinary_one()
    {
        HashSet<string> ordinary = [.. Calls.Where(call => call.Incident is null).Select(Shape)];
        HashSet<string> attack = [.. Calls.Where(call => call.Incident is not null).Select(Shape)];

        Assert.Subset(ordinary, attack);
    }

    [Fact]
    public void Writing_appends()
    {
        ArrayBufferWriter<byte> output = new();
        SimulatedCallJson.Write(output, Calls[0]);
        SimulatedCallJson.Write(output, Calls[1]);

        Assert.Equal((byte[])[.. Write(Calls[0]), .. Write(Calls[1])], output.WrittenSpan.ToArray());
    }

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex TraceId { get; }

    private static byte[] Write(in SimulatedCall call)
    {
        ArrayBufferWriter<byte> output = new();
        SimulatedCallJson.Write(output, call);
        return output.WrittenSpan.ToArray();
    }

    // Names of the fields and lengths of the ids: what could betray a call without its values being odd.
    private static string Shape(SimulatedCall call)
    {
        using JsonDocument document = JsonDocument.Parse(Write(call));
        return string.Join(' ', document.RootElement.EnumerateObject()
            .Where(property => property.Name is not ("labels" or "records" or "error"))
            .Select(property => property.Name.EndsWith("id", StringComparison.Ordinal) && property.Name != "agent_id"
                ? $"{property.Name}:{property.Value.GetString()!.Length}"
                : property.Name));
    }
}
