namespace AgentSentinel.Cli.Commands;

/// <summary>What the executable ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The work could not be done: a lost dependency, an unreadable file.</summary>
    public const int Failed = 1;

    /// <summary>What was asked for makes no sense: wrong options, a missing file.</summary>
    public const int Usage = 2;
}
