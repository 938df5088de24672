using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Service.Declarations;

/// <summary>
/// What a fleet has in common, as a folder <c>models/NAME/VERSION</c> whose <c>parameters.json</c> says it: how surprising each detector's channels usually are, which a
/// young agent borrows until it has a history of its own. <c>sentinel train</c> writes it. A partition that has memory of its own goes on from that.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Priors">By detector and channel.</param>
public sealed record FleetModel(string Name, string Version, IReadOnlyDictionary<string, IReadOnlyDictionary<string, GumbelPrior>> Priors)
{
    /// <summary>The file in a model's folder that is loaded.</summary>
    public const string ParametersFile = "parameters.json";

    // What the detectors themselves keep their priors within.
    private const double LeastLocation = -1;
    private const double MostLocation = 5;
    private const double MostScale = 3;
    private static readonly double LeastScale = 1 / Math.Log(10);

    /// <summary>Gives fresh detectors what the model says of them.</summary>
    /// <param name="detectors">Those of a partition, before its first call.</param>
    public void ApplyTo(IEnumerable<Detector> detectors)
    {
        ArgumentNullException.ThrowIfNull(detectors);
        foreach (var detector in detectors)
        {
            if (Priors.TryGetValue(detector.Name, out var priors))
            {
                detector.BeginWith(priors);
            }
        }
    }

    /// <summary>Reads a model's folder; what is wrong with it goes to <paramref name="errors"/>.</summary>
    internal static FleetModel? Read(string folder, List<DeclarationError> errors)
    {
        if (DeclarationNode.Open(Path.Combine(folder, ParametersFile), errors) is not { } root)
        {
            return null;
        }

        var (name, version) = (root.Text("name", isRequired: true) ?? "", root.Text("version", isRequired: true) ?? "");
        var known = StandardDetectors.Create(new DetectorsOptions(), default).ToDictionary(detector => detector.Name, detector => detector.Priors, StringComparer.Ordinal);
        var priors = new Dictionary<string, IReadOnlyDictionary<string, GumbelPrior>>(StringComparer.Ordinal);
        foreach (var node in root.Maps("detectors"))
        {
            var detector = node.Text("name", isRequired: true) ?? "";
            var channels = known.GetValueOrDefault(detector);
            var said = node.Maps("channels").Select(channel => Prior(channel, channels)).DistinctBy(p => p.Key).ToDictionary(StringComparer.Ordinal);
            if (channels is null)
            {
                node.Fail($"No detector has the name {OptionsText.Shown(detector)}. Those that a model can say something of: {string.Join(", ", known.Where(k => k.Value.Count > 0).Select(k => k.Key))}.");
            }
            else if (!priors.TryAdd(detector, said))
            {
                node.Fail($"{OptionsText.Shown(detector)} is named twice.");
            }
        }

        root.RefuseRest();
        return new FleetModel(name, version, priors);
    }

    private static KeyValuePair<string, GumbelPrior> Prior(DeclarationNode node, IReadOnlyDictionary<string, GumbelPrior>? channels)
    {
        var name = node.Text("name", isRequired: true) ?? "";
        if (channels?.ContainsKey(name) == false)
        {
            node.Fail($"The detector has no channel {OptionsText.Shown(name)}. Its channels: {string.Join(", ", channels.Keys)}.");
        }

        var prior = new GumbelPrior(
            Within(node, "location", LeastLocation, MostLocation),
            Within(node, "scale", LeastScale, MostScale));
        return KeyValuePair.Create(name, prior);
    }

    private static double Within(DeclarationNode node, string key, double least, double most)
    {
        if (node.Number(key) is not { } number)
        {
            node.Fail($"{key} is missing.");
            return least;
        }

        // A little room for numbers that were written rounded.
        if (!(number >= least - 1e-6 && number <= most + 1e-6))
        {
            node.Fail(FormattableString.Invariant($"{key} must be from {least:0.####} to {most:0.####}."));
        }

        return Math.Clamp(number, least, most);
    }
}
