using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Text.Json;
using AgentSentinel.Service.Live;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Api;

/// <summary>
/// The tokens of a file, read again when it has changed: a token that is taken out of the file is worth nothing some seconds later. Any thread. A file that
/// cannot be read leaves those known before.
/// </summary>
public sealed partial class ApiTokens
{
    private const int LongestName = 100;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private static readonly JsonSerializerOptions Spelling = new(LiveJson.Options) { WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    // As whom the service itself acts, in the journal and in what follows from it.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase) { "policy", "expiry", "itself", LocalAuthentication.Name };

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private volatile Dictionary<string, (ApiToken Token, ClaimsPrincipal Principal)> _byHash = [];
    private (DateTime WrittenAt, long Length) _read;
    private long _lookedAt;

    internal ApiTokens(string path, TimeProvider time, ILogger log)
    {
        _path = path;
        _time = time;
        _log = log;
        Load();
    }

    /// <summary>Reads a file of tokens. The error never repeats content.</summary>
    public static bool TryRead(string path, [NotNullWhen(true)] out IReadOnlyList<ApiToken>? tokens, [NotNullWhen(false)] out string? error)
    {
        tokens = null;
        try
        {
            var file = JsonSerializer.Deserialize<TokenFile>(File.ReadAllBytes(path), Spelling);
            error = file is null ? "the file holds nothing" : file.Tokens.Select(Objection).FirstOrDefault(o => o is not null)
                ?? (file.Tokens.DistinctBy(t => t.Sha256).Count() < file.Tokens.Count ? "a token is there twice" : null);
            tokens = error is null ? file!.Tokens : null;
        }
        catch (JsonException e)
        {
            error = $"the file is not a list of tokens (line {e.LineNumber + 1})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"the file cannot be read ({e.GetType().Name})";
        }

        return error is null;
    }

    /// <summary>Adds a token to a file, which is made when it is not there; readable by its owner only.</summary>
    /// <exception cref="InvalidDataException">What is there is no file of tokens, or the token's name is none.</exception>
    public static void Add(string path, ApiToken token)
    {
        IReadOnlyList<ApiToken>? tokens = [];
        if (Objection(token) is { } objection || (File.Exists(path) && !TryRead(path, out tokens, out objection)))
        {
            throw new InvalidDataException(objection);
        }

        // Replaced as a whole: a service that reads it at this moment sees the old one or the new one.
        var next = path + ".new";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(next, options))
        {
            JsonSerializer.Serialize(file, new TokenFile([.. tokens!, token]), Spelling);
        }

        File.Move(next, path, overwrite: true);
    }

    /// <summary>The caller who has this token; null when nobody has, or it is no longer good.</summary>
    /// <remarks>Looked up by its hash: how long that takes tells nothing about the token.</remarks>
    public ClaimsPrincipal? Find(string secret) => FindByHash(ApiToken.Hash(secret));

    /// <summary>The caller whose token has this hash; null when nobody's has, or it is no longer good.</summary>
    internal ClaimsPrincipal? FindByHash(string hash)
    {
        Refresh();
        return _byHash.TryGetValue(hash, out var found) && found.Token.ExpiresAt > _time.GetUtcNow() ? found.Principal : null;
    }

    private static string? Objection(ApiToken token) =>
        token.Name.Length is 0 or > LongestName || token.Name.AsSpan().ContainsAnyExceptInRange('!', '~') || token.Name.Contains(':', StringComparison.Ordinal)
            ? $"a token's name has 1 to {LongestName} visible ASCII characters, none of them a colon"
        : Reserved.Contains(token.Name) ? $"the name {token.Name} stands for something that is no person"
        : token.Sha256.Length != 64 || token.Sha256.AsSpan().ContainsAnyExcept(Hexadecimal) ? $"the hash of the token of {token.Name} is none"
        : null;

    private void Refresh()
    {
        var lookedAt = Volatile.Read(ref _lookedAt);
        if (_time.GetElapsedTime(lookedAt) < LookEvery || !_gate.TryEnter())
        {
            return;
        }

        try
        {
            Load();
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Load()
    {
        Volatile.Write(ref _lookedAt, _time.GetTimestamp());
        var file = new FileInfo(_path);
        var state = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (state == _read)
        {
            return;
        }

        _read = state;
        if (TryRead(_path, out var tokens, out var error))
        {
            _byHash = tokens.ToDictionary(t => t.Sha256, t => (t, Caller.Principal(t.Name, t.Role, TokenAuthentication.Scheme)), StringComparer.Ordinal);
        }
        else
        {
            NotRead(_log, _path, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The tokens in {Path} cannot be read, and those known before stay good: {Error}.")]
    private static partial void NotRead(ILogger log, string path, string error);

    private sealed record TokenFile(IReadOnlyList<ApiToken> Tokens);
}
