using System.Buffers;

namespace AgentSentinel.Core.Detectors;

/// <summary>What in a text is an address that something can be sent to: a URL, a host, an e-mail address, a repository.</summary>
internal static class NetworkAddress
{
    private const int LongestScheme = 16;

    private static readonly SearchValues<byte> InNoHost = SearchValues.Create(" \t\r\n\"'`<>()[]{},;|"u8);

    private static readonly SearchValues<byte> OfNumbers = SearchValues.Create("0123456789."u8);

    /// <summary>A scheme with something behind it, an IP address, or a dot with a name before it and a word of at least two letters after it.</summary>
    public static bool Is(ReadOnlySpan<byte> text) => !HostOf(text).IsEmpty;

    /// <summary>The host that an address leads to; empty when the text is no address.</summary>
    public static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> text)
    {
        var rest = WithoutScheme(text);
        var host = rest.IndexOfAny("/?#"u8) is >= 0 and var end ? rest[..end] : rest;
        host = host[(host.LastIndexOf((byte)'@') + 1)..];
        host = host.IndexOf((byte)':') is >= 0 and var port ? host[..port] : host;
        return host.IsEmpty || host.IndexOfAny(InNoHost) >= 0 || (rest.Length == text.Length && !IsDotted(host)) ? [] : host;
    }

    /// <summary>Whether there is more to an address than its host: a path or a query.</summary>
    public static bool HasPath(ReadOnlySpan<byte> address) => WithoutScheme(address).IndexOfAny("/?#"u8) >= 0;

    public static ReadOnlySpan<byte> WithoutScheme(ReadOnlySpan<byte> text) =>
        text.IndexOf("://"u8) is >= 0 and < LongestScheme and var at ? text[(at + 3)..] : text;

    private static bool IsDotted(ReadOnlySpan<byte> host)
    {
        var dot = host.LastIndexOf((byte)'.');
        if (dot <= 0 || dot == host.Length - 1)
        {
            return false;
        }

        var last = host[(dot + 1)..];
        return host.Count((byte)'.') == 3 && host.IndexOfAnyExcept(OfNumbers) < 0
            || (last.Length >= 2 && last.IndexOfAnyExceptInRange((byte)'A', (byte)'z') < 0);
    }
}
