using System.Text.RegularExpressions;
using AgentSentinel.Service.Options;
using YamlDotNet.Serialization;

namespace AgentSentinel.Conventions.Tests;

/// <summary>What the containers may do, and whether their settings would be understood.</summary>
internal static partial class ComposeRules
{
    /// <summary>The service that runs our image.</summary>
    private const string Own = "agentsentinel";

    public static IEnumerable<string> Unpinned(string compose) =>
        from service in Services(compose)
        let image = service.Settings.GetValueOrDefault("image") as string
        where image is null ? !service.Settings.ContainsKey("build") : !PinnedImage().IsMatch(image)
        select $"{service.Name}: {image ?? "neither image nor build"}";

    public static IEnumerable<string> OpenToOthers(string compose) =>
        from service in Services(compose)
        from port in List(service.Settings, "ports")
        where port is IDictionary<object, object> detailed ? detailed.TryGetValue("host_ip", out var ip) is false || ip is not "127.0.0.1" : port?.ToString()?.StartsWith("127.0.0.1:", StringComparison.Ordinal) != true
        select $"{service.Name}: {(port is IDictionary<object, object> map ? string.Join(", ", map) : port)}";

    public static IEnumerable<string> TooMuchAllowed(string compose)
    {
        var services = Services(compose).ToArray();
        foreach (var (name, settings) in services)
        {
            if (settings.GetValueOrDefault("privileged") is "true" || settings.GetValueOrDefault("network_mode") is "host")
            {
                yield return $"{name}: privileged or in the host's network";
            }
        }

        var own = services.SingleOrDefault(service => service.Name == Own).Settings ?? [];
        if (own.GetValueOrDefault("read_only") is not "true")
        {
            yield return $"{Own}: read_only: true is missing";
        }

        if (!List(own, "cap_drop").Contains("ALL"))
        {
            yield return $"{Own}: cap_drop: [ALL] is missing";
        }

        if (!List(own, "security_opt").Contains("no-new-privileges:true"))
        {
            yield return $"{Own}: security_opt: [no-new-privileges:true] is missing";
        }

        if (own.GetValueOrDefault("user") is string user && IsRoot(user))
        {
            yield return $"{Own}: runs as {user}";
        }
    }

    /// <summary>Whether the image's last stage ends as another user than root.</summary>
    public static IEnumerable<string> RunsAsRoot(string dockerfile)
    {
        string? user = null;
        foreach (var line in dockerfile.Split('\n').Select(line => line.Trim().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Where(line => line.Length == 2))
        {
            user = line[0].ToUpperInvariant() switch { "FROM" => null, "USER" => line[1], _ => user };
        }

        return user is null || IsRoot(user) ? [$"USER {user ?? "is missing"}"] : [];
    }

    /// <summary>Our settings in the environment, read as the service would read them.</summary>
    public static IEnumerable<string> SettingsThatDoNotBind(string compose)
    {
        var own = Services(compose).SingleOrDefault(service => service.Name == Own).Settings ?? [];
        var environment = own.GetValueOrDefault("environment") switch
        {
            IDictionary<object, object?> map => map.Select(entry => KeyValuePair.Create(entry.Key.ToString()!, entry.Value?.ToString())),
            IEnumerable<object> list => list.Select(entry => entry.ToString()!.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair.ElementAtOrDefault(1))),
            _ => [],
        };
        // As compose would fill them in where nothing is set.
        var filled = environment.Select(entry => KeyValuePair.Create(entry.Key, entry.Value is { } value ? Default().Replace(value, "$1") : null));
        var configuration = OptionsSources.Build(null, filled, []);
        return OptionsReader.Read<SentinelOptions>(configuration.Value!).Errors.Select(error => error.ToString());
    }

    private static IEnumerable<(string Name, Dictionary<object, object> Settings)> Services(string compose)
    {
        var root = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(compose);
        return ((Dictionary<object, object>)root["services"]).Select(service => ((string)service.Key, (Dictionary<object, object>)service.Value));
    }

    private static IEnumerable<object?> List(Dictionary<object, object> settings, string key) => settings.GetValueOrDefault(key) as IEnumerable<object> ?? [];

    private static bool IsRoot(string user) => user.Split(':')[0] is "root" or "0";

    [GeneratedRegex(@"\$\{[A-Z_]+:-([^}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Default();

    [GeneratedRegex(@"(:(?!latest$)[\w.-]*\d[\w.-]*|@sha256:[0-9a-f]{64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex PinnedImage();
}
