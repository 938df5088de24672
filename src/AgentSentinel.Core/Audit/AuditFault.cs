namespace AgentSentinel.Core.Audit;

/// <summary>A place at which an audit trail is not what was written.</summary>
/// <param name="FirstLine">The line, from 1; the first that may be meant.</param>
/// <param name="LastLine">The last that may be meant: the same, except where a rewritten trail shows only at its next anchor.</param>
/// <param name="What">What is wrong there.</param>
public sealed record AuditFault(long FirstLine, long LastLine, string What)
{
    /// <inheritdoc/>
    public override string ToString() => FirstLine == LastLine
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line {FirstLine}: {What}")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"lines {FirstLine} to {LastLine}: {What}");
}
