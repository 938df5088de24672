namespace AgentSentinel.Conventions.Tests;

/// <summary>Logs are written by generated methods only: they cost nothing when off, and their texts stand in one place per class.</summary>
internal static class LogRules
{
    public static IEnumerable<string> HandWritten(SourceCompilation sources) =>
        from use in sources.Uses(name => name.StartsWith("Log", StringComparison.Ordinal) || name is "Define" or "DefineScope")
        where SourceCompilation.OwnerOf(use.Symbol) is "Microsoft.Extensions.Logging.LoggerExtensions" or "Microsoft.Extensions.Logging.ILogger" or "Microsoft.Extensions.Logging.LoggerMessage"
        select $"{SourceFile.At(use.Name)}: {use.Name}";
}
