using System.Diagnostics.CodeAnalysis;

namespace AgentSentinel.Service.Outbound;

/// <summary>Reads a secret from a file, so that it stands in no option, no process list and no log.</summary>
internal static class SecretFile
{
    private const int MaxBytes = 16 * 1024;

    /// <summary>The file's text without white space around it. The error says what is wrong and never repeats content.</summary>
    public static bool TryRead(string path, [NotNullWhen(true)] out string? secret, [NotNullWhen(false)] out string? error)
    {
        secret = null;
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                error = "the file is longer than a secret can be";
                return false;
            }

            secret = File.ReadAllText(path).Trim();
            error = secret.Length == 0 ? "the file is empty" : null;
            return error is null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"the file cannot be read ({e.GetType().Name})";
            return false;
        }
    }

    /// <summary>The secret of a file whose options were checked.</summary>
    public static string Read(string path) => TryRead(path, out var secret, out var error) ? secret : throw new InvalidOperationException($"{path}: {error}.");

    /// <summary>What is wrong with the file named by a property; nothing when it can be read.</summary>
    public static IEnumerable<string> Errors(string property, string path) => TryRead(path, out _, out var error) ? [] : [$"{property}: {error}."];
}
