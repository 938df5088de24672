using System.Net;

namespace AgentSentinel.Service.Outbound;

/// <summary>What an operator may write as the URL of a target. The addresses behind the name are judged again at each connection.</summary>
internal static class TargetUrl
{
    /// <summary>What is wrong with it, as messages that begin with the property's name; nothing when it can be used.</summary>
    public static IEnumerable<string> Errors(string property, string url, bool allowPrivateTargets)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            yield return $"{property}: not an absolute https URL.";
            yield break;
        }

        if (uri.UserInfo.Length > 0)
        {
            yield return $"{property}: must not carry a user name or password.";
        }

        if (uri.Fragment.Length > 0)
        {
            yield return $"{property}: must not carry a fragment; it would not be sent.";
        }

        var isLoopback = TargetFilter.IsLoopbackName(uri);
        if (uri.Scheme != Uri.UriSchemeHttps && !isLoopback)
        {
            yield return $"{property}: must be https; http is allowed to loopback only.";
        }

        foreach (var error in HostErrors(property, uri.DnsSafeHost, isLoopback, allowPrivateTargets))
        {
            yield return error;
        }
    }

    /// <summary>The same for a host alone.</summary>
    public static IEnumerable<string> HostErrors(string property, string host, bool allowPrivateTargets) =>
        Uri.CheckHostName(host) == UriHostNameType.Unknown
            ? [$"{property}: not the name or address of a host."]
            : HostErrors(property, host, TargetFilter.IsLoopbackHost(host), allowPrivateTargets);

    private static IEnumerable<string> HostErrors(string property, string host, bool isLoopback, bool allowPrivateTargets)
    {
        if (isLoopback && !allowPrivateTargets)
        {
            yield return $"{property}: a loopback target needs AllowPrivateTargets.";
        }
        else if (IPAddress.TryParse(host, out var address) && !TargetFilter.IsAllowed(address, allowPrivateTargets))
        {
            yield return TargetFilter.IsAllowed(address, allowPrivate: true)
                ? $"{property}: {address} is in a private or link-local network, which needs AllowPrivateTargets."
                : $"{property}: {address} is never allowed as a target (metadata, multicast or reserved address).";
        }
    }
}
