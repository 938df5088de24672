namespace AgentSentinel.Conventions.Tests;

public sealed class MeterRulesTests
{
    [Fact]
    public void Metrics_are_made_in_one_class() =>
        Violations.AssertNone(MeterRules.InSeveralFiles(Repository.Product), "Make every meter and instrument in one class, so that one file lists what is measured:");

    [Fact]
    public void Metrics_are_called_sentinel_noun_what() =>
        Violations.AssertNone(MeterRules.BadNames(Repository.Product), "Call it sentinel.<noun>.<what>, in lower case, by a constant:");

    [Fact]
    public void Metrics_have_a_unit() => Violations.AssertNone(MeterRules.WithoutUnit(Repository.Product), "Give the unit in UCUM, such as s, By or {call}:");

    [Fact]
    public void Tags_have_few_values() =>
        Violations.AssertNone(MeterRules.UnboundedTags(Repository.Product), "Never tag a metric by agent, session, call or credential; history and logs are for that:");

    [Theory]
    [InlineData("""class C { Meter m = new("x"); }""")]
    [InlineData("""class C { object Run() => new Meter("x"); }""")]
    [InlineData("""class C { object Run(Meter m) => m.CreateHistogram<double>("sentinel.a.b", "s"); }""")]
    [InlineData("""class C { object Run(IMeterFactory f) => f.Create(new MeterOptions("x")); }""")]
    public void A_second_class_with_metrics_is_found(string second) =>
        Assert.Equal(2, MeterRules.InSeveralFiles(SourceCompilation.Of(("src/A/B.cs", Metrics("")), ("src/A/C.cs", "using System.Diagnostics.Metrics; namespace A; " + second))).Count());

    [Theory]
    [InlineData("""m.CreateCounter<long>("calls", "{call}")""", 1)]
    [InlineData("""m.CreateCounter<long>("sentinel.calls", "{call}")""", 1)]
    [InlineData("""m.CreateCounter<long>("sentinel.Calls.Seen", "{call}")""", 1)]
    [InlineData("""m.CreateCounter<long>("sentinel.calls." + m.Name, "{call}")""", 1)]
    [InlineData("""m.CreateCounter<long>(Name, "{call}")""", 0)]
    [InlineData("""m.CreateObservableGauge("sentinel.lag.time", () => 1.0, "s")""", 0)]
    public void A_metric_with_another_name_is_found(string creation, int count) =>
        Assert.Equal(count, MeterRules.BadNames(SourceCompilation.Of(("src/A/B.cs", Metrics(creation)))).Count());

    [Theory]
    [InlineData("""m.CreateCounter<long>("sentinel.calls.seen")""", 1)]
    [InlineData("""m.CreateCounter<long>("sentinel.calls.seen", description: "d")""", 1)]
    [InlineData("""m.CreateObservableGauge("sentinel.lag.time", () => 1.0)""", 1)]
    [InlineData("""m.CreateCounter<long>("sentinel.calls.seen", description: "d", unit: "{call}")""", 0)]
    public void A_metric_without_a_unit_is_found(string creation, int count) =>
        Assert.Equal(count, MeterRules.WithoutUnit(SourceCompilation.Of(("src/A/B.cs", Metrics(creation)))).Count());

    [Fact]
    public void A_tag_by_agent_is_found() =>
        Assert.Single(MeterRules.UnboundedTags(SourceCompilation.Of(("src/A/B.cs", Metrics("""m.CreateCounter<long>(Name, "{call}"); object tag = "agent.id" """)))));

    private static string Metrics(string creation) =>
        $$"""
        using System.Diagnostics.Metrics;
        namespace A;
        class B
        {
            const string Name = "sentinel.calls.named";
            Meter made = new Meter("AgentSentinel");
            void Run(Meter m) { {{(creation.Length == 0 ? "" : $"var made = {creation};")}} }
        }
        """;
}
