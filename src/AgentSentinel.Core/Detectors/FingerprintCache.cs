using AgentSentinel.Core.Events;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>Fingerprints of names, remembered: looking one up costs a tenth of computing it. Shared by the detectors of one partition.</summary>
/// <param name="key">The deployment's key.</param>
/// <param name="isPlace">Whether it is the fingerprint of the name's <see cref="ResourcePlace"/> that is wanted.</param>
internal sealed class FingerprintCache(FingerprintKey key, bool isPlace = false)
{
    private readonly AnswersByName<ulong> _answers = new();

    /// <summary>The deployment's key.</summary>
    public FingerprintKey Key { get; } = key;

    public ulong Of(string name) =>
        _answers.TryGet(name, out var fingerprint) ? fingerprint : _answers.Keep(name, Fingerprint.Of(Key, isPlace ? ResourcePlace.Of(name) : name));
}
