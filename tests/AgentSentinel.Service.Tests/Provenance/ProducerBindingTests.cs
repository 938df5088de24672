using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Provenance;

namespace AgentSentinel.Service.Tests.Provenance;

public sealed class ProducerBindingTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Value = """{"id":"c-1"}""";

    private static readonly ProvenanceOptions Options = new()
    {
        Producers =
        {
            ["gateway-a"] = new ProducerOptions { Agents = ["a-*", "shared"] },
            ["gateway-b"] = new ProducerOptions { Agents = ["b-*"], Secret = Secret },
        },
    };

    [Theory]
    [InlineData("gateway-a", "a-1", null)]
    [InlineData("gateway-a", "shared", null)]
    [InlineData("gateway-a", "b-1", "agent_of_another_producer")]
    [InlineData("gateway-a", "A-1", "agent_of_another_producer")]
    [InlineData("gateway-a", "a-\u0456", "agent_of_another_producer")]
    [InlineData("gateway-a", "\u0430-1", "agent_of_another_producer")]
    [InlineData("gateway-a", "SHARED", "agent_of_another_producer")]
    [InlineData("Gateway-A", "a-1", "unknown_producer")]
    [InlineData("gateway-\u0430", "a-1", "unknown_producer")]
    [InlineData("gateway-a ", "a-1", "unknown_producer")]
    [InlineData("", "a-1", "unidentified_producer")]
    [InlineData("gateway-b", "b-1", "bad_signature")]
    public void A_producer_tells_of_its_own_agents_only(string producer, string agent, string? objection) =>
        Assert.Equal(objection, Objection(Options, producer, "", agent));

    [Fact]
    public void Who_has_a_secret_must_sign_the_very_record()
    {
        var signature = Sign(Secret, Value);
        Assert.Null(Objection(Options, "gateway-b", signature, "b-1"));
        Assert.Null(Objection(Options, "gateway-b", signature.ToUpperInvariant(), "b-1"));
        Assert.Equal("agent_of_another_producer", Objection(Options, "gateway-b", signature, "a-1"));
        foreach (var wrong in (string[])[signature[..^1], signature + "0", "zz" + signature[2..], Sign("another secret of length", Value), Sign(Secret, Value + " ")])
        {
            Assert.Equal("bad_signature", Objection(Options, "gateway-b", wrong, "b-1"));
        }
    }

    [Fact]
    public void Records_that_name_nobody_are_refused_or_let_through_as_configured_and_foreign_ones_always_refused()
    {
        var open = Options with { Unidentified = FailMode.Open };
        Assert.Null(Objection(open, "", "", "b-1"));
        Assert.Equal("unknown_producer", Objection(open, "somebody", "", "b-1"));
        Assert.Equal("agent_of_another_producer", Objection(open, "gateway-a", "", "b-1"));
    }

    [Fact]
    public void The_key_can_be_held_to_the_agent()
    {
        var options = new ProvenanceOptions { KeyMustBeAgent = true };
        Assert.Null(Objection(options, "", "", "a-1", key: "a-1"));
        Assert.Equal("key_is_not_the_agent", Objection(options, "", "", "a-1", key: "a-2"));
        Assert.Equal("key_is_not_the_agent", Objection(options, "", "", "a-1"));
        Assert.False(new ProducerBinding(new ProvenanceOptions()).IsOn);
    }

    [Fact]
    public void Options_that_cannot_work_are_errors()
    {
        var options = new ProvenanceOptions
        {
            Producers =
            {
                ["nobody"] = new ProducerOptions(),
                ["short"] = new ProducerOptions { Agents = ["*"], Secret = "short" },
                ["gone"] = new ProducerOptions { Agents = ["*"], SecretFile = "not-there" },
            },
        };
        Assert.Equal(3, options.Validate().Count());
        Assert.Empty(Options.Validate());
    }

    private static string? Objection(ProvenanceOptions options, string producer, string signature, string agent, string key = "")
    {
        var batch = new RecordBatchPool(1, 1 << 16, () => { }).Rent(0, 1, 0);
        var bytes = Encoding.UTF8.GetBytes(key + Value);
        var memory = Marshal.AllocHGlobal(bytes.Length);
        Marshal.Copy(bytes, 0, memory, bytes.Length);
        batch.Add(7, 5, memory, key.Length, memory + key.Length, Value.Length, Encoding.UTF8.GetBytes(producer), Encoding.UTF8.GetBytes(signature));
        batch.Add(8, 5, memory, 0, memory, 3);
        Marshal.FreeHGlobal(memory);
        Assert.Equal(Value, Encoding.UTF8.GetString(batch.Value(0).Span));
        Assert.True(batch.Producer(1).IsEmpty);
        return new ProducerBinding(options).Objection(batch, 0, agent);
    }

    private static string Sign(string secret, string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(value)));
}
