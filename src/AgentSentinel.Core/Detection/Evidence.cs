using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detection;

/// <summary>One reason to find an agent's behaviour odd, in figures and in words.</summary>
/// <param name="Detector">Name of the detector.</param>
/// <param name="Feature">Name of the feature.</param>
/// <param name="Unit">The feature's unit, for people.</param>
/// <param name="Observed">The value seen.</param>
/// <param name="ExpectedLow">Low end of the usual range.</param>
/// <param name="ExpectedHigh">High end of the usual range.</param>
/// <param name="Surprisal">−log10 p of one trial.</param>
/// <param name="ReturnPeriodDays">How rarely this agent would do so by chance: once in so many days. Capped at 10¹⁵.</param>
/// <param name="Score">log10(1 + return period in days).</param>
/// <param name="Dimension">The tool, resource or source that explains most of it, or null. Text from telemetry: data.</param>
/// <param name="Explanation">One sentence: what was seen against what is usual. May quote telemetry: data.</param>
public sealed record Evidence(
    string Detector,
    string Feature,
    string Unit,
    double Observed,
    double ExpectedLow,
    double ExpectedHigh,
    double Surprisal,
    double ReturnPeriodDays,
    double Score,
    string? Dimension,
    string Explanation)
{
    /// <summary>Family of the detector, within which evidence is not independent: see <see cref="Detector.Family"/>. Null stands for the detector's name.</summary>
    public string? Family { get; init; }

    /// <summary>Why this is to be taken with care, such as a baseline that is still warming up; null when there is nothing to say.</summary>
    public string? Caveat { get; init; }

    /// <summary>The planned change that explains it, in the words of its announcement: it then adds nothing to a risk. Null when none does.</summary>
    public string? PlannedChange { get; init; }

    /// <summary>What the surprisal is made of, largest first; null when it is one thing.</summary>
    public IReadOnlyList<EvidencePart>? Parts { get; init; }

    /// <summary>The smallest change that would not have fired, as a sentence; null when not told. May quote telemetry: data.</summary>
    public string? Counterfactual { get; init; }

    /// <summary>How one thing led to another, from the request to the action; null when no cause is claimed.</summary>
    public IReadOnlyList<CausalLink>? CausalChain { get; init; }

    /// <summary>What it adds to a risk: its score, or nothing when a planned change explains it.</summary>
    internal double Weight => PlannedChange is null ? Score : 0;

    /// <summary>Puts a finding into words.</summary>
    /// <param name="detector">The detector that found it.</param>
    /// <param name="baseline">Its baseline of the agent, as it was when it scored.</param>
    /// <param name="finding">What it found.</param>
    public static Evidence From(Detector detector, Baseline baseline, in Finding finding)
    {
        var feature = detector.Features[finding.Feature];
        var detail = baseline.Detail(finding);
        return new Evidence(
            detector.Name,
            feature.Name,
            feature.Unit,
            finding.Observed,
            finding.ExpectedLow,
            finding.ExpectedHigh,
            finding.Surprisal,
            Math.Pow(10, Math.Min(finding.LogReturnPeriod, 15)),
            finding.Score,
            finding.Dimension,
            detector.Explain(finding))
        {
            Family = detector.Family,
            Caveat = detail.Caveat,
            Parts = detail.Parts,
            Counterfactual = detail.Counterfactual,
            CausalChain = detail.CausalChain,
        };
    }

    internal void Save(MemoryWriter writer)
    {
        writer.WriteString(Detector);
        writer.WriteString(Feature);
        writer.WriteString(Unit);
        writer.WriteDouble(Observed);
        writer.WriteDouble(ExpectedLow);
        writer.WriteDouble(ExpectedHigh);
        writer.WriteDouble(Surprisal);
        writer.WriteDouble(ReturnPeriodDays);
        writer.WriteDouble(Score);
        WriteOptional(writer, Dimension);
        writer.WriteString(Explanation);
        WriteOptional(writer, Family);
        WriteOptional(writer, Caveat);
        WriteOptional(writer, Counterfactual);
        WriteOptional(writer, PlannedChange);
        writer.WriteVariable((ulong)(Parts?.Count ?? 0));
        foreach (var part in Parts ?? [])
        {
            writer.WriteString(part.Name);
            writer.WriteDouble(part.Surprisal);
            writer.WriteString(part.Explanation);
        }

        writer.WriteVariable((ulong)(CausalChain?.Count ?? 0));
        foreach (var link in CausalChain ?? [])
        {
            writer.WriteByte((byte)link.Kind);
            WriteOptional(writer, link.CallId);
            WriteOptional(writer, link.Tool);
            writer.WriteByte((byte)link.Trust);
            writer.WriteString(link.Explanation);
        }
    }

    internal static Evidence Load(ref MemoryReader reader)
    {
        var (detector, feature, unit) = (reader.ReadString(), reader.ReadString(), reader.ReadString());
        var (observed, low, high) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        var (surprisal, period, score) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        var (dimension, explanation) = (ReadOptional(ref reader), reader.ReadString());
        var (family, caveat, counterfactual) = (ReadOptional(ref reader), ReadOptional(ref reader), ReadOptional(ref reader));
        var planned = ReadOptional(ref reader);
        var parts = new EvidencePart[reader.ReadCount(10)];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = new EvidencePart(reader.ReadString(), reader.ReadDouble(), reader.ReadString());
        }

        var chain = new CausalLink[reader.ReadCount(5)];
        for (var i = 0; i < chain.Length; i++)
        {
            chain[i] = new CausalLink(
                (CausalLinkKind)reader.ReadByte(), ReadOptional(ref reader), ReadOptional(ref reader), (SourceTrust)reader.ReadByte(), reader.ReadString());
        }

        return new Evidence(detector, feature, unit, observed, low, high, surprisal, period, score, dimension, explanation)
        {
            Family = family,
            Caveat = caveat,
            Counterfactual = counterfactual,
            PlannedChange = planned,
            Parts = parts.Length == 0 ? null : parts,
            CausalChain = chain.Length == 0 ? null : chain,
        };
    }

    private static void WriteOptional(MemoryWriter writer, string? text)
    {
        writer.WriteBoolean(text is not null);
        if (text is not null)
        {
            writer.WriteString(text);
        }
    }

    private static string? ReadOptional(ref MemoryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
