namespace AgentSentinel.Core.State;

/// <summary>
/// Saved memory is not what <see cref="MemoryWriter"/> writes: it ends too early, is longer than it says, or holds a value that its type cannot have.
/// The checkpoint is damaged or of another version; whoever loads it must not go on with half of it.
/// </summary>
public sealed class MemoryFormatException : Exception
{
    /// <summary>With a general message.</summary>
    public MemoryFormatException()
        : base("Saved memory is damaged.")
    {
    }

    /// <summary>With a message that says what was found, and at which byte.</summary>
    /// <param name="message">For people; holds no data from the memory but numbers.</param>
    public MemoryFormatException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and what caused it.</summary>
    /// <param name="message">For people; holds no data from the memory but numbers.</param>
    /// <param name="innerException">The cause.</param>
    public MemoryFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
