using System.Runtime.CompilerServices;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Fingerprints of names, remembered by the string's identity: the decoder gives a name that repeats as the same string, and looking it
/// up costs a tenth of computing it. Bounded: 2,048 names. Never changes an answer. Shared by the detectors of one partition.
/// </summary>
/// <param name="key">The deployment's key.</param>
/// <param name="isPlace">Whether it is the fingerprint of the name's <see cref="ResourcePlace"/> that is wanted.</param>
internal sealed class FingerprintCache(FingerprintKey key, bool isPlace = false)
{
    private const int Size = 2048;

    private readonly (string? Name, ulong Fingerprint)[] _entries = new (string?, ulong)[Size];

    /// <summary>The deployment's key.</summary>
    public FingerprintKey Key { get; } = key;

    public ulong Of(string name)
    {
        ref var entry = ref _entries[RuntimeHelpers.GetHashCode(name) & (Size - 1)];
        if (!ReferenceEquals(entry.Name, name))
        {
            entry = (name, Fingerprint.Of(Key, isPlace ? ResourcePlace.Of(name) : name));
        }

        return entry.Fingerprint;
    }
}
