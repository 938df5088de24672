using System.Text;
using System.Text.Json;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Suspension.Http;
using AgentSentinel.Service.Tests.Kafka;
using AgentSentinel.Service.Tests.Outbound;
using AgentSentinel.Service.Tests.Sinks.Formats;
using AgentSentinel.Service.Tests.Suspension;
using AgentSentinel.Service.Tests.Suspension.Http;

namespace AgentSentinel.Service.Tests.Pipelines;

/// <summary>What leaves the line besides the webhook: further ways to suspend, and alerts in others' formats.</summary>
public sealed class OutputsTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_order_to_two_ways_is_reported_once_when_both_have_carried_it_out_and_the_alerts_are_findings()
    {
        using var token = new TemporaryFile("s3cret");
        var findings = await cluster.NewTopicAsync(1);
        var vault = IdentitySystem.Named("vault-entity");
        var failures = 1;
        vault.Instead = _ => Interlocked.Decrement(ref failures) >= 0 ? new(503) : null;
        using var api = new ScriptedApi(vault.Answer);
        await using var line = await RunningLine.StartAsync(cluster, options => options with
        {
            Suspensions = new()
            {
                Http = new()
                {
                    ["vault"] = new HttpAdapterOptions
                    {
                        Template = "vault-entity", BaseUrl = api.Address.ToString(), TokenFile = token.Path, Agents = [new() { Agent = "agent", Target = "e-1" }], AllowPrivateTargets = true,
                    },
                },
            },
            Alerts = options.Alerts with { Ocsf = new() { KafkaTopic = findings } },
        });
        await line.SendAsync(SteadyThenBurst());
        await AlertsHaveAsync(line, "suspension_confirmed");

        Assert.True(vault.IsSuspended);
        var report = Assert.Single(line.ReadAll(line.Options.Kafka.JournalTopic)
            .Select(record => JournalJson.TryRead(record.Message.Value, out var entry, out _) ? entry : null).OfType<DeliveryReport>());
        Assert.Equal((DeliveryOutcome.Delivered, report.SuspensionId), (report.Outcome, report.MessageId));
        Assert.Equal(VerificationOutcome.Verified, report.Verification);
        Assert.Contains("http-vault:suspended:Verified", report.Detail, StringComparison.Ordinal);
        Assert.Contains("http_204:NotVerifiable", report.Detail, StringComparison.Ordinal);

        var records = line.ReadAll(findings);
        Assert.NotEmpty(records);
        Assert.All(records, record =>
        {
            Assert.Equal("agent", Encoding.UTF8.GetString(record.Message.Key));
            Assert.Empty(OcsfSchema.Errors(JsonDocument.Parse(record.Message.Value).RootElement));
        });
    }

    [Fact]
    public async Task A_system_that_says_yes_and_does_nothing_is_told_to_people_and_confirmed_only_when_it_has_done_it()
    {
        using var token = new TemporaryFile("s3cret");
        var vault = IdentitySystem.Named("vault-entity");
        vault.IsLying = true;
        using var api = new ScriptedApi(vault.Answer);
        await using var line = await RunningLine.StartAsync(cluster, options => options with
        {
            // Beside a webhook that cannot be read back: it must not keep the contradiction standing.
            Webhook = options.Webhook with { EscalateAfterFailures = 1 },
            Suspensions = new()
            {
                Http = new()
                {
                    ["vault"] = new HttpAdapterOptions
                    {
                        Template = "vault-entity", BaseUrl = api.Address.ToString(), TokenFile = token.Path, Agents = [new() { Agent = "agent", Target = "e-1" }], AllowPrivateTargets = true,
                    },
                },
            },
        });
        await line.SendAsync(SteadyThenBurst());
        await AlertsHaveAsync(line, "suspension_contradicted");
        Assert.DoesNotContain("suspension_confirmed", await File.ReadAllTextAsync(line.AlertFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        vault.IsLying = false;
        await AlertsHaveAsync(line, "suspension_confirmed");
        Assert.True(vault.IsSuspended);
    }

    private static IEnumerable<(string, byte[])> SteadyThenBurst() => Enumerable.Range(0, 400).Select(i => ("agent", RunningLine.Call("agent", i, Start.AddMinutes(15 * i))))
        .Concat(Enumerable.Range(0, 200).Select(i => ("agent", RunningLine.Call("agent", 1000 + i, Start.AddDays(5).AddMilliseconds(100 * i)))));

    private static Task AlertsHaveAsync(RunningLine line, string kind) => RunningLine.WaitAsync(async () =>
        (await File.ReadAllTextAsync(line.AlertFile, TestContext.Current.CancellationToken)).Contains(kind, StringComparison.Ordinal));
}
