using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Content;
using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Incidents;
using AgentSentinel.Simulator.Randomness;

namespace AgentSentinel.Simulator.Tests.Content;

public sealed partial class CallContentTests
{
    private static readonly Simulation Simulation = new(new SimulationOptions
    {
        Agents = 12,
        Kinds = [Habit.Diurnal],
        Duration = TimeSpan.FromDays(6),
        QuietFor = TimeSpan.FromDays(1),
        Incidents = 12,
        IncidentKinds = [IncidentKind.SecretLeak],
        Content = true,
    });

    [Fact]
    public void Requests_have_content_and_tool_calls_have_arguments_and_results()
    {
        foreach (SimulatedCall call in Simulation.Calls().Take(2_000))
        {
            JsonElement json = Json(call);
            bool isRequest = call.Kind == CallKind.Request;
            Assert.Equal(isRequest, json.TryGetProperty("content", out _));
            Assert.Equal(!isRequest, json.TryGetProperty("arguments", out _));
            Assert.Equal(!isRequest, json.TryGetProperty("result", out _));
        }
    }

    [Fact]
    public void A_secret_of_the_said_kind_stands_in_a_leaking_call_and_in_no_other()
    {
        int leaks = 0;
        foreach (SimulatedCall call in Simulation.Calls().Where(call => call.Tool is not null && call.Status == CallStatus.Ok))
        {
            JsonElement json = Json(call);
            string text = json.GetProperty("arguments").ToString() + json.GetProperty("result").GetString();
            Assert.Equal(call.Secret is not null, Known().IsMatch(text));
            leaks += call.Secret is null ? 0 : 1;
        }

        Assert.InRange(leaks, 20, 200);
    }

    [Fact]
    public void A_call_that_is_repeated_has_the_same_arguments_each_time_and_results_of_its_own()
    {
        Simulation loop = new(Simulation.Options with { Incidents = 1, IncidentKinds = [IncidentKind.RunawayLoop] });
        SimulatedCall[] session = [.. loop.Calls().Where(call => call.Incident is not null && call.Tool is not null)];
        JsonElement[] calls = [.. session.Where((call, i) => call.IsAttackCall || session[i + 1].IsAttackCall).Select(call => Json(call))];
        Assert.Single(calls.Select(call => call.GetProperty("arguments").GetRawText()).Distinct());
        Assert.InRange(calls.Where(call => call.GetProperty("status").GetString() == "ok").Select(call => call.GetProperty("result").GetString()).Distinct().Count(), 2, int.MaxValue);
    }

    [Fact]
    public void Every_made_up_secret_has_the_format_of_its_kind()
    {
        foreach (SecretKind kind in Enum.GetValues<SecretKind>())
        {
            string secret = FakeSecret.Make(kind, new SeededRandom(3, (int)kind));
            Assert.Matches(Known(), secret);
        }
    }

    [Fact]
    public void The_decoder_accepts_content()
    {
        ToolCallDecoder decoder = new(new DecoderOptions());
        ToolCall decoded = new();
        foreach (SimulatedCall call in Simulation.Calls().Take(2_000))
        {
            Assert.True(decoder.TryDecode(Bytes(call), DateTimeOffset.MaxValue.AddDays(-1), decoded, out _));
            Assert.Equal(call.Kind == CallKind.Request, decoded.Content.Length > 0);
        }
    }

    [GeneratedRegex(@"AKIA[A-Z2-7]{16}\b|\bghp_[A-Za-z0-9]{36}\b|\bxoxb-\d{12}-\d{12}-[A-Za-z0-9]{24}\b|\bsk_live_[A-Za-z0-9]{24}\b|\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}|-----BEGIN PRIVATE KEY-----|postgres://\w+:[A-Za-z0-9]{24}@")]
    private static partial Regex Known();

    private static byte[] Bytes(in SimulatedCall call)
    {
        ArrayBufferWriter<byte> output = new();
        SimulatedCallJson.Write(output, call, withContent: true);
        return output.WrittenSpan.ToArray();
    }

    private static JsonElement Json(in SimulatedCall call) => JsonDocument.Parse(Encoding.UTF8.GetString(Bytes(call))).RootElement;
}
