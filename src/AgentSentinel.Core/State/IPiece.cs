namespace AgentSentinel.Core.State;

/// <summary>Something that is saved and loaded by itself, in a <see cref="PieceTable{T}"/>.</summary>
internal interface IPiece<T>
{
    void Save(MemoryWriter writer);

    static abstract T Load(ref MemoryReader reader);
}
