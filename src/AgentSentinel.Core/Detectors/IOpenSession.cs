using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>Where a session stands, for a detector that follows sessions. Kept in an <see cref="OpenSessions{T}"/>.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IOpenSession<TSelf>
    where TSelf : struct, IOpenSession<TSelf>
{
    /// <summary>Fingerprint of the session's name; 0 for calls without one.</summary>
    ulong Id { get; }

    /// <summary>Time of its latest call.</summary>
    long LastTicks { get; }

    /// <summary>After so long a silence it gives its place to another one, though it may still go on.</summary>
    static abstract long IdleAfter { get; }

    void Save(MemoryWriter writer);

    static abstract TSelf Load(ref MemoryReader reader);
}
