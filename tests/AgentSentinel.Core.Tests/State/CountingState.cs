using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.State;

/// <summary>A store too large for memory: it counts what it is given and gives nothing back.</summary>
internal sealed class CountingState : IStateReader, IStateWriter
{
    internal long Profiles { get; private set; }

    internal long ProfileBytes { get; private set; }

    public bool TryRead(StateKey key, out ReadOnlyMemory<byte> value)
    {
        value = default;
        return false;
    }

    public IReadOnlyList<string> Ids(StateKind kind) => [];

    public void Write(StateKey key, ReadOnlySpan<byte> value)
    {
        if (key.Kind == StateKind.Profile)
        {
            Profiles++;
            ProfileBytes += value.Length;
        }
    }

    public void Remove(StateKey key)
    {
    }
}
