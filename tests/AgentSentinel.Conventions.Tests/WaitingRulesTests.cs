namespace AgentSentinel.Conventions.Tests;

public sealed class WaitingRulesTests
{
    /// <summary>Files that must block or read the machine's clock: path, and why nothing else would do.</summary>
    private static readonly Dictionary<string, string> Excused = new(StringComparer.Ordinal);

    [Fact]
    public void No_thread_is_blocked_on_a_task() =>
        Violations.AssertNone(WaitingRules.Blocking(Repository.Product).Where(IsNotExcused), "Await it; if that cannot be, name the file and the reason in WaitingRulesTests.Excused:");

    [Fact]
    public void No_exception_is_lost_in_async_void() => Violations.AssertNone(WaitingRules.AsyncVoid(Repository.Product).Where(IsNotExcused), "Return Task:");

    [Fact]
    public void Processing_time_comes_from_a_time_provider() =>
        Violations.AssertNone(WaitingRules.OwnClock(Repository.Product).Where(IsNotExcused), "Take a TimeProvider and ask it (GetUtcNow, Task.Delay with a provider), so that a test can turn the clock:");

    [Fact]
    public void Whoever_is_excused_still_exists() => Violations.AssertNone(Excused.Keys.Where(file => !Repository.Exists(file)), "Remove these from WaitingRulesTests.Excused:");

    [Fact]
    public void The_rules_see_what_every_name_means() =>
        Violations.AssertNone(
            Repository.Product.Unresolved().Where(name => !name.StartsWith("src/AgentSentinel.Web/", StringComparison.Ordinal)),
            "These names could not be bound in memory, so that rules which ask for meaning are blind there; see SourceCompilation:");

    [Fact]
    public void A_name_that_means_nothing_is_found() => Assert.Single(SourceCompilation.Of(("src/A/B.cs", "namespace A; class B { Missing? field; }")).Unresolved());

    [Theory]
    [InlineData("_ = Get().Result;")]
    [InlineData("_ = Get()?.Result;")]
    [InlineData("Get().Wait();")]
    [InlineData("Task.WaitAll(Get());")]
    [InlineData("Get().GetAwaiter().GetResult();")]
    [InlineData("Get().ConfigureAwait(false).GetAwaiter().GetResult();")]
    [InlineData("_ = new ValueTask<int>(1).Result;")]
    public void A_blocked_thread_is_found(string statement) => Assert.Single(WaitingRules.Blocking(Sample(statement)));

    [Theory]
    [InlineData("_ = fact.Result; // task.Result")]
    [InlineData("var text = \"Get().Wait()\";")]
    public void A_result_that_is_no_tasks_is_none(string statement) => Assert.Empty(WaitingRules.Blocking(Sample(statement)));

    [Theory]
    [InlineData("async void Local() => await Get();")]
    public void An_async_void_is_found(string statement) => Assert.Single(WaitingRules.AsyncVoid(Sample(statement)));

    [Theory]
    [InlineData("_ = DateTime.UtcNow;")]
    [InlineData("_ = DateTimeOffset.Now;")]
    [InlineData("_ = DateTime.Today;")]
    [InlineData("_ = Task.Delay(5);")]
    [InlineData("_ = Task.Delay(TimeSpan.Zero, CancellationToken.None);")]
    [InlineData("Thread.Sleep(1);")]
    public void A_clock_of_ones_own_is_found(string statement) => Assert.Single(WaitingRules.OwnClock(Sample(statement)));

    [Theory]
    [InlineData("_ = Task.Delay(TimeSpan.Zero, clock); _ = clock.GetUtcNow(); // DateTime.UtcNow")]
    [InlineData("_ = fact.UtcNow;")]
    public void A_time_provider_is_none(string statement) => Assert.Empty(WaitingRules.OwnClock(Sample(statement)));

    private static bool IsNotExcused(string violation) => !Excused.ContainsKey(violation.Split(':')[0]);

    private static SourceCompilation Sample(string statement) => SourceCompilation.Of(("src/A/B.cs",
        $$"""
        namespace A;
        record Fact(int Result, int UtcNow);
        class B
        {
            Task<int> Get() => Task.FromResult(1);
            void Run(Fact fact, TimeProvider clock)
            {
                {{statement}}
            }
        }
        """));
}
