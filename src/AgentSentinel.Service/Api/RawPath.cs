using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentSentinel.Service.Api;

/// <summary>
/// Ids out of paths, from what was sent and not from what the server made of it: the server leaves an encoded slash as it is and decodes an encoded
/// percent sign, so that two agents could not be told apart.
/// </summary>
internal static class RawPath
{
    private const int LongestId = 1_024;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>One segment of the path, decoded once.</summary>
    /// <param name="context">The request.</param>
    /// <param name="index">Which, from 0.</param>
    /// <param name="count">How many there must be: of a path that the server shortened nothing can be said.</param>
    /// <param name="segment">The text.</param>
    public static bool TryGetSegment(HttpContext context, int index, int count, [NotNullWhen(true)] out string? segment)
    {
        segment = null;
        var target = (context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").AsSpan();
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        if (path.IsEmpty || path[0] != '/')
        {
            return false;
        }

        ReadOnlySpan<char> found = default;
        var number = 0;
        foreach (var range in path[1..].Split('/'))
        {
            found = number == index ? path[1..][range] : found;
            number++;
        }

        return number == count && TryDecode(found, out segment);
    }

    private static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        if (text.IsEmpty || text.Length > LongestId * 9)
        {
            return false;
        }

        if (!text.Contains('%'))
        {
            decoded = text.ToString();
            return decoded.Length <= LongestId;
        }

        var bytes = new byte[text.Length * 3];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                length += Strict.GetBytes(text.Slice(i, 1), bytes.AsSpan(length));
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[length++] = (byte)((Convert.FromHexString(text.Slice(i + 1, 2)))[0]);
                i += 2;
            }
            else
            {
                return false;
            }
        }

        try
        {
            decoded = Strict.GetString(bytes.AsSpan(0, length));
            return decoded.Length <= LongestId;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
