using System.Text;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Core.Tests.Response;

public sealed class JournalJsonTests
{
    private static readonly DateTimeOffset Now = Some.Monday.AddHours(9).AddTicks(1234567);

    public static TheoryData<string, string> Entries => new()
    {
        { "anomaly", Text(Some.AnomalyFound(Now, "agent \"1\"\n\u202E😀", credential: "key-1")) },
        { "anomaly", Text(new AnomalyFound(Some.Anomaly() with { CallId = null, SessionId = null, AgentVersion = null }, Now)) },
        { "anomaly", Text(new AnomalyFound(Some.Anomaly() with { Evidence = Some.Evidence() with { Caveat = null, Parts = null, Counterfactual = null, CausalChain = null } }, Now)) },
        { "command", Text(Some.Command(OperatorCommandKind.Dismiss, "inc_1", Now)) },
        { "delivery", Text(Some.Report("sus_1_lift", "sus_1", DeliveryOutcome.Undeliverable, Now, 17)) },
        { "fleet", Text(Some.FleetReport(120, Some.Monday, 5)) },
    };

    [Theory, MemberData(nameof(Entries))]
    public void An_entry_comes_back_as_it_was(string kind, string json)
    {
        Assert.StartsWith($$"""{"kind":"{{kind}}",""", json, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', json);
        Assert.Equal(json, Text(Read(json)));
    }

    [Fact]
    public void Everything_is_snake_case_and_enumerations_are_text()
    {
        Assert.Contains("\"command\":\"dismiss\"", Text(Some.Command(OperatorCommandKind.Dismiss, "inc_1", Now)), StringComparison.Ordinal);
        var report = Text(Some.Report("sus_1", "sus_1", DeliveryOutcome.Undeliverable, Now));
        Assert.Contains("\"outcome\":\"undeliverable\"", report, StringComparison.Ordinal);
        Assert.Contains("\"suspension_id\":\"sus_1\"", report, StringComparison.Ordinal);
        var run = new ResponseRun(new ResponseOptions { Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic } });
        run.Feed(Some.AnomalyFound(Now, score: 9));
        Assert.Contains("\"kind\":\"suspension_ordered\"", Encoding.UTF8.GetString(JournalJson.Write(run.Alerts[^1])), StringComparison.Ordinal);
        var order = Encoding.UTF8.GetString(JournalJson.Write(run.Orders[0]));
        Assert.Contains("\"action\":\"suspend\"", order, StringComparison.Ordinal);
        Assert.Contains("\"severity\":\"critical\"", order, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"anomaly\"")]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"anomaly\"}")]
    [InlineData("{\"kind\":\"anomaly\",\"anomaly\":null,\"recorded_at\":\"2025-03-03T00:00:00Z\"}")]
    [InlineData("{\"kind\":\"surprise\",\"id\":\"x\",\"recorded_at\":\"2025-03-03T00:00:00Z\"}")]
    [InlineData("{\"kind\":7,\"id\":\"x\"}")]
    [InlineData("{\"id\":\"x\",\"recorded_at\":\"2025-03-03T00:00:00Z\"}")]
    [InlineData("{\"kind\":\"fleet\",\"kind\":\"fleet\"}")]
    public void What_is_no_entry_is_refused_as_a_value(string json) => AssertRefused(json);

    [Theory]
    [InlineData("\"dismiss\"", "\"exterminate\"")]
    [InlineData("\"dismiss\"", "99")]
    [InlineData("\"dismiss\"", "0")]
    [InlineData("\"inc_1\"", "null")]
    [InlineData("\"inc_1\"", "7")]
    [InlineData("\"emma\"", "{}")]
    [InlineData("2025", "20255")]
    [InlineData("2025", "9999")]
    [InlineData("2025", "0001")]
    [InlineData("\"id\":\"x\",", "")]
    [InlineData("\"id\":\"x\"", "\"id\":null")]
    [InlineData("\"actor\":\"emma\",", "")]
    [InlineData("}", "")]
    public void A_command_with_a_wrong_value_is_refused(string right, string wrong)
    {
        var good = Text(Some.Command(OperatorCommandKind.Dismiss, "inc_1", Some.Monday, "x"));
        Assert.Contains(right, good, StringComparison.Ordinal);
        AssertRefused(good.Replace(right, wrong, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"active_agents\":120", "\"active_agents\":-1")]
    [InlineData("\"active_agents\":120", "\"active_agents\":2147483647")]
    [InlineData("\"partition\":5", "\"partition\":-5")]
    [InlineData("\"partition\":5", "\"partition\":2147483647")]
    public void A_fleet_report_of_impossible_numbers_is_refused(string right, string wrong)
    {
        var good = Text(Some.FleetReport(120, Some.Monday, 5));
        Assert.Contains(right, good, StringComparison.Ordinal);
        AssertRefused(good.Replace(right, wrong, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"score\":2.5", "\"score\":1e999")]
    [InlineData("\"score\":2.5", "\"score\":-1")]
    [InlineData("\"score\":2.5", "\"score\":\"NaN\"")]
    [InlineData("\"observed\":60", "\"observed\":-1e999")]
    [InlineData("\"detector\":\"volume\"", "\"detector\":null")]
    [InlineData("\"window_start\":\"2025", "\"window_start\":\"x2025")]
    public void An_anomaly_of_impossible_numbers_is_refused(string right, string wrong)
    {
        var good = Text(Some.AnomalyFound(Some.Monday));
        Assert.Contains(right, good, StringComparison.Ordinal);
        AssertRefused(good.Replace(right, wrong, StringComparison.Ordinal));
    }

    [Fact]
    public void The_id_of_an_anomaly_s_entry_is_the_anomaly_s()
    {
        var good = Text(Some.AnomalyFound(Some.Monday));
        var id = Some.Anomaly().Id;
        Assert.Equal(id, Read(good).Id);
        AssertRefused(good.Replace($"\"id\":\"{id}\",\"recorded_at\"", "\"id\":\"else\",\"recorded_at\"", StringComparison.Ordinal));
    }

    [Fact]
    public void No_mutation_throws_and_what_is_accepted_can_be_processed_and_saved()
    {
        byte[][] seeds = [.. Entries.Select(row => Encoding.UTF8.GetBytes(row.Data.Item2))];
        var random = new Random(41);
        var run = new ResponseRun(new ResponseOptions { Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic } });
        var accepted = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = (byte[])seeds[random.Next(seeds.Length)].Clone();
            for (var n = random.Next(3); n >= 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "0123456789-e.{}[],:\""[random.Next(20)]);
            }

            if (JournalJson.TryRead(random.Next(20) == 0 ? bytes.AsSpan(0, random.Next(bytes.Length)) : bytes, out var entry, out var error))
            {
                accepted++;
                run.Feed(entry!);
                JournalJson.Write(entry!);
            }
            else
            {
                Assert.False(string.IsNullOrEmpty(error));
            }
        }

        Assert.InRange(accepted, 1000, 50_000);
        run.Save();
        run.RestartFrom(run.State);
    }

    private static string Text(JournalEntry entry) => Encoding.UTF8.GetString(JournalJson.Write(entry));

    private static JournalEntry Read(string json)
    {
        Assert.True(JournalJson.TryRead(Encoding.UTF8.GetBytes(json), out var entry, out var error), error);
        Assert.Null(error);
        return entry!;
    }

    private static void AssertRefused(string json)
    {
        Assert.False(JournalJson.TryRead(Encoding.UTF8.GetBytes(json), out var entry, out var error), "It was accepted: " + json);
        Assert.Null(entry);
        Assert.False(string.IsNullOrEmpty(error));
    }
}
