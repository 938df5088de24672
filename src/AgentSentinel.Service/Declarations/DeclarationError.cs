using System.Globalization;

namespace AgentSentinel.Service.Declarations;

/// <summary>One thing that is wrong with a file of declarations.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Its line, from 1; 0 when it concerns the whole file.</param>
/// <param name="Message">What, and what to do about it.</param>
public sealed record DeclarationError(string File, long Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? $"{File}: {Message}" : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: {Message}");
}
