using System.Globalization;
using System.Text;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Tests.State;

namespace AgentSentinel.Core.Tests;

/// <summary>From bytes to anomalies, with whatever a hostile producer can put into the topic.</summary>
public sealed class HostileStreamTests
{
    private static readonly string[] Spoilt =
    [
        "", " ", "{", "[]", "null", "7", "\"x\"", "{}", "{\"id\":", "{\"id\":\"x\"", "\u0000", "{\"id\":\"a\",\"id\":\"b\"}", "{'id':'a'}", "// hello", "{} {}",
        new('[', 5000), string.Concat(Enumerable.Repeat("{\"a\":", 5000)), "{\"labels\":" + new string('[', 200) + new string(']', 200) + "}",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "7", "-1", "1e999", "-0", "\"\"", "{}", "[]", "[[[[]]]]", "\"\\u0000\"", "\"\\ud800\"", "\"\\u202e\"", "\"0001-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59.9999999Z\"", "\"2025-02-30T00:00:00Z\"", "\"request\"", "\"denied\"", "\"" + new string('x', 5000) + "\"",
        "[" + string.Join(',', Enumerable.Repeat("\"r\"", 70)) + "]", "1e15", "0.1e1",
    ];

    private static readonly string[] Fields =
        ["id", "time", "agent_id", "kind", "tool", "tool_server", "action", "resources", "status", "error", "records", "tokens", "session_id", "trace_id", "arguments", "argument_origins", "labels"];

    [Fact]
    public void Good_records_pass_between_hostile_ones_and_every_refusal_has_a_reason()
    {
        var (decoder, call, output) = (new ToolCallDecoder(new DecoderOptions()), new ToolCall(), new DetectionOutput());
        var state = new VolatileState();
        var engine = Some.DetectionEngine(saved: state);
        var random = new Random(71);
        var (good, refused, accepted) = (0, 0, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var time = Some.Monday.AddSeconds(i / 2.0);
            var record = Good(i, time);
            if (i % 4 == 0)
            {
                Assert.True(decoder.TryDecode(record, time, call, out _));
                Assert.Equal(CallVerdict.Accepted, engine.Process(call, time, output));
                good++;
            }
            else if (decoder.TryDecode(Hostile(random, record), time, call, out var error))
            {
                // It may be late, a repeat or fine: it is for the engine to say.
                engine.Process(call, time, output);
                accepted++;
            }
            else
            {
                Assert.NotEqual("none", error.ReasonName);
                refused++;
            }

            if (i % 10_000 == 0)
            {
                engine.Save(state);
            }

            Assert.Empty(output.Failures);
        }

        Assert.Equal(25_000, good);
        Assert.InRange(refused, 40_000, 75_000);
        Assert.InRange(accepted, 5_000, 35_000);
        Assert.Equal(engine.AcceptedEvents + engine.LateEvents + engine.DuplicateEvents, good + accepted);
        engine.Save(state);
        Assert.Equal(engine.AcceptedEvents, Some.DetectionEngine(saved: state).AcceptedEvents);
    }

    [Fact]
    public void A_million_agent_ids_leave_memory_bounded()
    {
        const int Live = 10_000;
        const long MaxBytes = 128L << 20;
        var (decoder, call, output) = (new ToolCallDecoder(new DecoderOptions()), new ToolCall(), new DetectionOutput());
        var counted = new CountingState();
        var engine = Some.DetectionEngine(new DetectionOptions { MaxLiveProfiles = Live }, saved: counted);
        var (most, saves) = (0L, 0);
        for (var i = 0; i < 1_000_000; i++)
        {
            // A flood of a hundred new agents a second.
            var time = Some.Monday.AddSeconds(i / 100.0);
            Assert.True(decoder.TryDecode(Record($"c{i}", time, $"flood-{i}", "crm.get", "crm:1"), time, call, out _));
            Assert.Equal(CallVerdict.Accepted, engine.Process(call, time, output));
            if (engine.ChangedProfiles >= 20_000)
            {
                engine.Save(counted);
                output.Clear();

                if (saves++ % 10 == 0)
                {
                    most = Math.Max(most, Held.Bytes(engine));
                }
            }
        }

        Assert.InRange(most, 1, MaxBytes);
        Assert.InRange(engine.LiveProfiles, 1, 60_000);
        Assert.InRange(counted.Profiles, 1_000_000 - 20_000, 2_100_000);
        Assert.InRange(counted.ProfileBytes / counted.Profiles, 1, 4096);
        TestContext.Current.SendDiagnosticMessage($"most bytes {most}, live {engine.LiveProfiles}, saved bytes each {counted.ProfileBytes / counted.Profiles}");
    }

    [Fact]
    public void A_million_tools_of_one_agent_leave_memory_bounded()
    {
        const long MaxBytes = 16L << 20;
        var (decoder, call, output) = (new ToolCallDecoder(new DecoderOptions()), new ToolCall(), new DetectionOutput());
        var state = new VolatileState();
        var engine = Some.DetectionEngine(saved: state);
        for (var i = 0; i < 1_000_000; i++)
        {
            var time = Some.Monday.AddSeconds(i / 1000.0);
            var name = i.ToString(CultureInfo.InvariantCulture);
            Assert.True(decoder.TryDecode(Record(name, time, "prolific", "tool." + name, "set:" + name), time, call, out _));
            Assert.Equal(CallVerdict.Accepted, engine.Process(call, time, output));
            output.Clear();
        }

        engine.Advance(Some.Monday.AddDays(1), output);
        engine.Save(state);
        Assert.InRange(Held.Bytes(engine), 1, MaxBytes);
        Assert.True(state.TryRead(new StateKey(StateKind.Profile, "prolific"), out var saved));

        // The worst that one agent can cost.
        Assert.InRange(saved.Length, 1, 8192);
        Assert.Equal(1_000_000, engine.AcceptedEvents);
    }

    private static byte[] Good(int number, DateTimeOffset time) =>
        Record($"g{number}", time, $"agent-{number % 200}", $"crm.tool-{number % 5}", $"crm:{number % 9}");

    private static byte[] Record(string id, DateTimeOffset time, string agent, string tool, string resource) => Encoding.UTF8.GetBytes(
        $$"""{"id":"{{id}}","time":"{{time:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","agent_id":"{{agent}}","tool":"{{tool}}","resources":["{{resource}}"],"records":5}""");

    private static byte[] Hostile(Random random, byte[] good)
    {
        switch (random.Next(6))
        {
            case 0:
                return Encoding.UTF8.GetBytes(Spoilt[random.Next(Spoilt.Length)]);
            case 1:
                return good[..random.Next(good.Length)];
            case 2:
                // Mostly no longer UTF-8, or no longer JSON.
                good[random.Next(good.Length)] = (byte)random.Next(256);
                good[random.Next(good.Length)] = (byte)random.Next(256);
                return good;
            case 3:
                var noise = new byte[random.Next(300)];
                random.NextBytes(noise);
                return noise;
            case 4:
                // A second value for a field, or one of the wrong type for a field that was not there.
                return [.. good[..^1], .. Encoding.UTF8.GetBytes($",\"{Fields[random.Next(Fields.Length)]}\":{Values[random.Next(Values.Length)]}}}")];
            default:
                var text = Encoding.UTF8.GetString(good);
                var (from, to) = ("\"agent_id\":\"", "\"tool\":\"");
                var field = random.Next(2) == 0 ? from : to;
                var start = text.IndexOf(field, StringComparison.Ordinal) + field.Length - 1;
                var end = text.IndexOf('"', start + 1) + 1;
                return Encoding.UTF8.GetBytes(text[..start] + Values[random.Next(Values.Length)] + text[end..]);
        }
    }
}
