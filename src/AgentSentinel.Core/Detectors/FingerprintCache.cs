using AgentSentinel.Core.Events;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>Fingerprints of names, remembered: looking one up costs a tenth of computing it. Shared by the detectors of one partition.</summary>
/// <param name="key">The deployment's key.</param>
/// <param name="isPlace">Whether it is the fingerprint of the name's <see cref="ResourcePlace"/> that is wanted.</param>
internal sealed class FingerprintCache(FingerprintKey key, bool isPlace = false)
{
    private readonly AnswersByName<ulong> _answers = new();

    // Of the present call: one detector after another asks for them.
    private Latest _tool;
    private Latest _session;
    private Latest _version;

    /// <summary>The deployment's key.</summary>
    public FingerprintKey Key { get; } = key;

    public ulong Of(string name) =>
        _answers.TryGet(name, out var fingerprint) ? fingerprint : _answers.Keep(name, Fingerprint.Of(Key, isPlace ? ResourcePlace.Of(name) : name));

    /// <summary>That of a call's tool.</summary>
    public ulong ToolOf(ToolCall call) => Of(ref _tool, call.Tool);

    /// <summary>That of a call's session, which it names.</summary>
    public ulong SessionOf(ToolCall call) => Of(ref _session, call.SessionId!);

    /// <summary>That of the version that a call names.</summary>
    public ulong VersionOf(ToolCall call) => Of(ref _version, call.AgentVersion!);

    private ulong Of(ref Latest latest, string name) => ReferenceEquals(latest.Name, name) ? latest.Fingerprint : Keep(ref latest, name);

    private ulong Keep(ref Latest latest, string name)
    {
        latest = new Latest(name, Of(name));
        return latest.Fingerprint;
    }

    private readonly record struct Latest(string? Name, ulong Fingerprint);
}
