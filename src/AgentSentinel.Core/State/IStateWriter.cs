namespace AgentSentinel.Core.State;

/// <summary>Takes the changed pieces of an engine's memory; all of one checkpoint become durable together or not at all.</summary>
public interface IStateWriter
{
    /// <summary>Saves one piece, replacing what was there.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">The bytes; copied before the call returns.</param>
    void Write(StateKey key, ReadOnlySpan<byte> value);

    /// <summary>Removes one piece; no error when it is not there.</summary>
    void Remove(StateKey key);
}
