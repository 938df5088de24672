namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Where a resource lies: <c>crm/contacts/eu</c> in <c>crm/contacts</c>, a URL on its host, an e-mail address in its domain; what has no structure
/// (accounts, names) lies with all of its scheme, <c>iban:…</c> in <c>iban:</c>.
/// </summary>
internal static class ResourcePlace
{
    /// <summary>The place as a part of the name; the whole name when it has no structure at all.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> resource)
    {
        var authority = resource.IndexOf("://", StringComparison.Ordinal);
        if (authority >= 0)
        {
            return Host(resource[(authority + 3)..]);
        }

        var scheme = resource.IndexOf(':');
        var name = resource[(scheme + 1)..];
        if (name.IndexOf('@') is > 0 and var at)
        {
            return name[(at + 1)..];
        }

        // A dot before the first slash: a host without its scheme.
        var slash = name.IndexOf('/');
        if (slash > 0 && name[..slash].Contains('.'))
        {
            return Host(name);
        }

        return slash >= 0 ? resource[..(scheme + 1 + name.LastIndexOf('/'))] : scheme >= 0 ? resource[..(scheme + 1)] : resource;
    }

    private static ReadOnlySpan<char> Host(ReadOnlySpan<char> rest) => rest.IndexOfAny('/', '?', '#') is >= 0 and var end ? rest[..end] : rest;
}
