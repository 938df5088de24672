namespace AgentSentinel.Conventions.Tests;

public sealed class LogRulesTests
{
    [Fact]
    public void Logs_are_written_by_generated_methods() =>
        Violations.AssertNone(LogRules.HandWritten(Repository.Product), "Write a partial method with [LoggerMessage] and call that:");

    [Theory]
    [InlineData("logger.LogInformation(\"x\");")]
    [InlineData("logger.Log(LogLevel.Error, \"x\");")]
    [InlineData("logger.Log(LogLevel.Error, default, 1, null, (_, _) => \"\");")]
    [InlineData("logger?.LogError(\"x\");")]
    [InlineData("LoggerExtensions.LogWarning(logger, \"x\");")]
    [InlineData("_ = LoggerMessage.Define(LogLevel.Debug, default, \"x\");")]
    public void A_log_written_by_hand_is_found(string statement) => Assert.Single(LogRules.HandWritten(Sample(statement)));

    [Theory]
    [InlineData("LogStart(logger); _ = Math.Log(2);")]
    public void A_generated_method_and_a_logarithm_are_none(string statement) => Assert.Empty(LogRules.HandWritten(Sample(statement)));

    private static SourceCompilation Sample(string statement) => SourceCompilation.Of(("src/A/B.cs",
        $$"""
        using Microsoft.Extensions.Logging;
        namespace A;
        static partial class B
        {
            static void Run(ILogger logger) { {{statement}} }
            [LoggerMessage(Level = LogLevel.Information, Message = "x")] static partial void LogStart(ILogger logger);
        }
        """));
}
