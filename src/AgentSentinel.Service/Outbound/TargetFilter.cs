using System.Net;
using System.Net.Sockets;

namespace AgentSentinel.Service.Outbound;

/// <summary>
/// Which addresses we may connect to on the word of an option or a template, so that a URL somebody else chose cannot reach into our own network. Judges addresses, not
/// names: a name can resolve to something else a moment later. What is not known to be public is not public.
/// </summary>
internal static class TargetFilter
{
    private enum Reach
    {
        Public,

        /// <summary>Someone's own network: allowed when the operator says so.</summary>
        Private,

        /// <summary>Nothing of ours is ever received there: metadata services (they hand out credentials), multicast, reserved and documentation ranges.</summary>
        Never,
    }

    // The first network that holds an address decides, so the single metadata addresses stand before the ranges around them.
    // Ranges: IANA IPv4 and IPv6 Special-Purpose Address Registries.
    private static readonly (IPNetwork Network, Reach Reach)[] Ipv4 =
    [
        (IPNetwork.Parse("169.254.169.254/32"), Reach.Never), // metadata: AWS, Azure, Google, OpenStack and others
        (IPNetwork.Parse("169.254.169.253/32"), Reach.Never), // AWS resolver
        (IPNetwork.Parse("169.254.170.2/32"), Reach.Never),   // AWS task credentials
        (IPNetwork.Parse("169.254.170.23/32"), Reach.Never),  // AWS pod identity
        (IPNetwork.Parse("100.100.100.200/32"), Reach.Never), // metadata: Alibaba
        (IPNetwork.Parse("168.63.129.16/32"), Reach.Never),   // Azure host agent, a public address by number
        (IPNetwork.Parse("0.0.0.0/8"), Reach.Never),          // "this host": connects to loopback on some systems
        (IPNetwork.Parse("10.0.0.0/8"), Reach.Private),
        (IPNetwork.Parse("100.64.0.0/10"), Reach.Private),    // carrier-grade NAT
        (IPNetwork.Parse("127.0.0.0/8"), Reach.Private),
        (IPNetwork.Parse("169.254.0.0/16"), Reach.Private),   // link-local
        (IPNetwork.Parse("172.16.0.0/12"), Reach.Private),
        (IPNetwork.Parse("192.168.0.0/16"), Reach.Private),
        (IPNetwork.Parse("198.18.0.0/15"), Reach.Private),    // benchmarking, used by some VPNs
        (IPNetwork.Parse("192.0.0.0/24"), Reach.Never),       // protocol assignments, and a metadata address of Oracle
        (IPNetwork.Parse("192.0.2.0/24"), Reach.Never),
        (IPNetwork.Parse("192.88.99.0/24"), Reach.Never),     // 6to4 relays, withdrawn
        (IPNetwork.Parse("198.51.100.0/24"), Reach.Never),
        (IPNetwork.Parse("203.0.113.0/24"), Reach.Never),
        (IPNetwork.Parse("224.0.0.0/3"), Reach.Never),        // multicast, reserved, broadcast
        (IPNetwork.Parse("0.0.0.0/0"), Reach.Public),
    ];

    private static readonly (IPNetwork Network, Reach Reach)[] Ipv6 =
    [
        (IPNetwork.Parse("fd00:ec2::/32"), Reach.Never),      // metadata and resolver: AWS
        (IPNetwork.Parse("fd20:ce::254/128"), Reach.Never),   // metadata: Google
        (IPNetwork.Parse("::1/128"), Reach.Private),
        (IPNetwork.Parse("64:ff9b:1::/48"), Reach.Never),     // NAT64 of a network's own making: what it leads to cannot be told
        (IPNetwork.Parse("fc00::/7"), Reach.Private),         // unique local
        (IPNetwork.Parse("fe80::/10"), Reach.Private),        // link-local
        (IPNetwork.Parse("fec0::/10"), Reach.Private),        // site-local, withdrawn but still routed here and there
        (IPNetwork.Parse("2001::/23"), Reach.Never),          // protocol assignments, Teredo among them
        (IPNetwork.Parse("2001:db8::/32"), Reach.Never),
        (IPNetwork.Parse("3fff::/20"), Reach.Never),          // documentation
        (IPNetwork.Parse("2000::/3"), Reach.Public),          // global unicast; all else is multicast, reserved or unassigned
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    public static bool IsAllowed(IPAddress address, bool allowPrivate) => ReachOf(address) switch
    {
        Reach.Public => true,
        Reach.Private => allowPrivate,
        _ => false,
    };

    /// <summary>Whether the URL's host says loopback. The address connected to is still judged by itself.</summary>
    public static bool IsLoopbackName(Uri uri) => IsLoopbackHost(uri.DnsSafeHost);

    /// <summary>Whether a host's name or address says loopback.</summary>
    public static bool IsLoopbackHost(string name)
    {
        var host = name.TrimEnd('.');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    private static Reach ReachOf(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return Lookup(Ipv4, address);
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return Reach.Never;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);

        // An IPv6 address that carries an IPv4 one leads to where that one leads.
        if (address.IsIPv4MappedToIPv6 || Nat64.Contains(WithoutScope(bytes)))
        {
            return Lookup(Ipv4, new IPAddress(bytes[12..]));
        }

        return SixToFour.Contains(WithoutScope(bytes)) ? Lookup(Ipv4, new IPAddress(bytes[2..6])) : Lookup(Ipv6, WithoutScope(bytes));
    }

    private static IPAddress WithoutScope(ReadOnlySpan<byte> bytes) => new(bytes);

    private static Reach Lookup((IPNetwork Network, Reach Reach)[] networks, IPAddress address)
    {
        foreach (var (network, reach) in networks)
        {
            if (network.Contains(address))
            {
                return reach;
            }
        }

        return Reach.Never;
    }
}
