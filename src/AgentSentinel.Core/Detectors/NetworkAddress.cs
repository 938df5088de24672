using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;

namespace AgentSentinel.Core.Detectors;

/// <summary>What in a text is an address that something can be sent to: a URL, a host, an e-mail address, a repository.</summary>
internal static class NetworkAddress
{
    private const int LongestScheme = 16;
    private const int LongestHost = 255;
    private const int ShortestOnward = 6;
    private const int LongestOnward = 2048;

    private static readonly SearchValues<byte> InNoHost = SearchValues.Create(" \t\r\n\"'`<>()[]{},;|"u8);

    private static readonly SearchValues<byte> InNoName = SearchValues.Create("/?#:@.&"u8);

    // Schemes whose rest is the address itself.
    private static readonly byte[][] BareSchemes = [.. "mailto:,tel:,sms:,sip:,sips:,xmpp:".Split(',').Select(Encoding.ASCII.GetBytes)];

    // Letters, also those beyond ASCII.
    private static readonly SearchValues<byte> OfNames = SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => b >= 0x80 || char.IsAsciiLetter((char)b)).Select(b => (byte)b)]);

    private static readonly SearchValues<byte> OfNumbers = SearchValues.Create("0123456789."u8);

    /// <summary>A scheme with something behind it, an IP address, or a dot with a name before it and a word of at least two letters after it.</summary>
    public static bool Is(ReadOnlySpan<byte> text) => !HostOf(text).IsEmpty;

    /// <summary>The host that an address leads to; empty when the text is no address.</summary>
    public static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> text)
    {
        var rest = WithoutScheme(text);
        if (IsVersion6(rest))
        {
            return rest;
        }

        if (rest.StartsWith("["u8) && rest.IndexOf((byte)']') is > 0 and var bracket && IsVersion6(rest[1..bracket]))
        {
            return rest[1..bracket];
        }

        var host = rest.IndexOfAny("/?#"u8) is >= 0 and var end ? rest[..end] : rest;
        host = host[(host.LastIndexOf((byte)'@') + 1)..];
        host = host.IndexOf((byte)':') is >= 0 and var port ? host[..port] : host;
        return host.IsEmpty || host.IndexOfAny(InNoHost) >= 0 || (rest.Length == text.Length && !IsDotted(host)) ? [] : host;
    }

    /// <summary>Whether there is more to an address than its host: a path or a query.</summary>
    public static bool HasPath(ReadOnlySpan<byte> address) => WithoutScheme(address).IndexOfAny("/?#"u8) >= 0;

    /// <summary>Whether somebody at a host is named, and neither path nor query.</summary>
    public static bool IsMailbox(ReadOnlySpan<byte> address) => !HasPath(address) && address.IndexOf((byte)'@') > 0;

    /// <summary>The host of an address that says more than its host; empty for all others.</summary>
    public static ReadOnlySpan<byte> PlaceOf(ReadOnlySpan<byte> address) => HasPath(address) || IsMailbox(address) ? HostOf(address) : [];

    public static ReadOnlySpan<byte> WithoutScheme(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("://"u8) is >= 0 and < LongestScheme and var at)
        {
            return text[(at + 3)..];
        }

        foreach (var scheme in BareSchemes)
        {
            if (text.Length > scheme.Length && Ascii.EqualsIgnoreCase(text[..scheme.Length], scheme))
            {
                return text[scheme.Length..];
            }
        }

        return text;
    }

    /// <summary>What a name is set to in <c>NAME=address</c> and <c>--option=address</c>; the text itself where nothing is set.</summary>
    public static ReadOnlySpan<byte> Assigned(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)'=') is > 0 and var equals && text[..equals].IndexOfAny(InNoName) < 0 ? text[(equals + 1)..] : text;

    /// <summary>The address that a parameter of another one leads to, decoded: one with a scheme or <c>//</c>, or somebody's mailbox; null when it is none.</summary>
    public static byte[]? Onward(ReadOnlySpan<byte> parameter)
    {
        var value = parameter[(parameter.IndexOf((byte)'=') + 1)..];
        if (value.Length is < ShortestOnward or > LongestOnward || !Utf8.IsValid(value))
        {
            return null;
        }

        var text = Uri.UnescapeDataString(Encoding.UTF8.GetString(value));
        var address = Encoding.UTF8.GetBytes(text.StartsWith("//", StringComparison.Ordinal) ? text[2..] : text);
        return Is(address) && (text.Contains("//", StringComparison.Ordinal) || IsMailbox(address)) ? address : null;
    }

    /// <summary>The same address with its host in the other spelling of an international name, letters or Punycode (RFC 3492); null when there is none.</summary>
    public static byte[]? Respelled(ReadOnlySpan<byte> address)
    {
        var host = HostOf(address);
        var isAscii = Ascii.IsValid(host);
        if (host.IsEmpty || host.Length > LongestHost || (isAscii && host.IndexOf("xn--"u8) < 0) || !Utf8.IsValid(address))
        {
            return null;
        }

        try
        {
            var (names, text) = (new IdnMapping(), Encoding.UTF8.GetString(host));
            var respelled = isAscii ? names.GetUnicode(text) : names.GetAscii(text);
            return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(address).Replace(text, respelled, StringComparison.Ordinal));
        }
        catch (ArgumentException)
        {
            // No name that could be registered.
            return null;
        }
    }

    private static bool IsVersion6(ReadOnlySpan<byte> text)
    {
        const int Shortest = 6;
        const int Longest = 45;
        return text.Length is >= Shortest and <= Longest && text.Count((byte)':') >= 2 && text.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0
            && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    private static bool IsDotted(ReadOnlySpan<byte> host)
    {
        var dot = host.LastIndexOf((byte)'.');
        if (dot <= 0 || dot == host.Length - 1)
        {
            return false;
        }

        var last = host[(dot + 1)..];
        return host.Count((byte)'.') == 3 && host.IndexOfAnyExcept(OfNumbers) < 0
            || last.StartsWith("xn--"u8)
            || (last.Length >= 2 && last.IndexOfAnyExcept(OfNames) < 0);
    }
}
