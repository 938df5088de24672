using System.Reflection;

namespace AgentSentinel.Service;

/// <summary>What we call ourselves towards others.</summary>
internal static class Product
{
    public const string Name = "AgentSentinel";

    public static readonly string Version =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
