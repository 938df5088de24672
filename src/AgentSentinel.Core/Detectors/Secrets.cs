using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="Secrets"/>.</summary>
public sealed record SecretsOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether contents are searched for secrets such as tokens and private keys.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.02;

    /// <summary>How much a secret of a known form weighs, as a return period in days.</summary>
    [Description("How much a secret of a known form weighs: as much as something that happens once in so many days.")]
    [Range(1.0, 1e12)]
    public double KnownFormReturnPeriodDays { get; init; } = 10_000;
}

/// <summary>
/// A secret stands in a call's arguments, result or resources: a token, a private key, a password in a connection string. The finding names its kind and
/// a keyed fingerprint, never the secret.
/// </summary>
/// <remarks>
/// A rule, not a statistic: it speaks with a fixed return period. What carries something out weighs a decade more; a mere random key, whose form says
/// nothing, weighs three decades less and is no alarm by itself.
/// </remarks>
internal sealed class Secrets(SecretsOptions options, FingerprintKey key) : Detector(
    "secrets",
    options.BudgetShare,
    new Feature("secrets_in_content", "secrets found in the contents of one call", TelemetryLevel.Content),
    new Feature("secrets_in_resources", "secrets found in the resources of one call"))
{
    private const int InContent = 0;
    private const int InResources = 1;

    // More of one text is not looked at: 256 KB.
    private const int MostBytes = 1 << 18;

    // Nor more of a resource's name.
    private const int MostCharacters = 340;
    private const int FewCharacters = 64;

    // And one with fewer characters has none.
    private const int LeastCharacters = 20;
    private const double OutboundDecades = 1;
    private const double RandomKeyDecades = -3;

    private readonly FingerprintKey _key = key;
    private readonly double _logKnownForm = Math.Log10(options.KnownFormReturnPeriodDays);

    // Resources in which there was no secret: they are not searched again.
    private readonly AnswersByName<bool> _harmless = new();

    public override Baseline CreateBaseline(string agentId) => new Memory(this);

    public override string Explain(in Finding finding) => $"{finding.Dimension} stands in the {(finding.Feature == InContent ? "contents" : "resources")} of a call";

    private static string NameOf(SecretKind kind) => kind switch
    {
        SecretKind.CloudAccessKey => "a cloud access key",
        SecretKind.ForgeToken => "a code forge's token",
        SecretKind.ChatToken => "a chat system's token",
        SecretKind.PaymentKey => "a payment provider's key",
        SecretKind.ModelKey => "a model provider's key",
        SecretKind.PackageToken => "a package registry's or host's token",
        SecretKind.WebToken => "a signed web token",
        SecretKind.PrivateKey => "a private key",
        SecretKind.ConnectionPassword => "a password in a connection string",
        _ => "a random key",
    };

    /// <summary>Nothing is learned: a secret that was seen often is no less of one.</summary>
    private sealed class Memory(Secrets detector) : Baseline
    {
        public override Finding Score(ToolCall call, AgentWindow window)
        {
            if (call.Kind != CallKind.ToolCall)
            {
                return Finding.None;
            }

            var isOutbound = Lineage.IsConsequential(call.Action);
            var finding = call.Arguments.IsEmpty && call.Result.IsEmpty ? Finding.None
                : Finding.Max(Search(call.Arguments.Span, InContent, isOutbound), Search(call.Result.Span, InContent, isOutbound: false));
            foreach (var resource in call.Resources)
            {
                if (resource.Length >= LeastCharacters && !detector._harmless.TryGet(resource, out _))
                {
                    finding = Finding.Max(finding, Search(resource, isOutbound));
                }
            }

            return finding;
        }

        public override EvidenceDetail Detail(in Finding finding) =>
            new(Counterfactual: "a reference to the secret's place in a vault, instead of the secret, would not have been noticed");

        public override void Save(MemoryWriter writer) => writer.WriteByte(0);

        public override void Load(ref MemoryReader reader) => reader.ReadByte();

        private Finding Search(string resource, bool isOutbound)
        {
            var text = resource.AsSpan(0, Math.Min(resource.Length, MostCharacters));
            Span<byte> utf8 = text.Length <= FewCharacters ? stackalloc byte[3 * FewCharacters] : stackalloc byte[3 * MostCharacters];
            var finding = System.Text.Encoding.UTF8.TryGetBytes(text, utf8, out var length)
                ? Search(utf8[..length], InResources, isOutbound)
                : Finding.None;
            if (double.IsNegativeInfinity(finding.LogReturnPeriod))
            {
                detector._harmless.Keep(resource, true);
            }

            return finding;
        }

        private Finding Search(ReadOnlySpan<byte> text, int feature, bool isOutbound)
        {
            var kind = SecretForms.Find(text[..Math.Min(text.Length, MostBytes)], out var begin, out var length);
            if (kind == SecretKind.None)
            {
                return Finding.None;
            }

            var log = detector._logKnownForm + (isOutbound ? OutboundDecades : 0) + (kind == SecretKind.RandomKey ? RandomKeyDecades : 0);
            return new Finding(
                feature, Math.Max(log, 0), log, 1, 0, 0, Sentence.Of($"{NameOf(kind)} ({Fingerprint.Of(detector._key, text.Slice(begin, length)):x16})"));
        }
    }
}
