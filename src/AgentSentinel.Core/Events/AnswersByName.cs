using System.Runtime.CompilerServices;

namespace AgentSentinel.Core.Events;

/// <summary>
/// What was made of names, remembered by their identity: the decoder gives a name that repeats as the same string, and asking for it takes 2 ns. Bounded: the last name to
/// claim a place has it. A name that is forgotten is worked out again, so that this never changes an answer.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
internal sealed class AnswersByName<T>
{
    private const int Places = 2048;

    private readonly (string? Name, T Answer)[] _entries = new (string?, T)[Places];

    public bool TryGet(string name, out T answer)
    {
        ref var entry = ref _entries[PlaceOf(name)];
        answer = entry.Answer;
        return ReferenceEquals(entry.Name, name);
    }

    /// <summary>Remembers an answer, and gives it back.</summary>
    public T Keep(string name, T answer)
    {
        _entries[PlaceOf(name)] = (name, answer);
        return answer;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => Array.Clear(_entries);

    private static int PlaceOf(string name) => RuntimeHelpers.GetHashCode(name) & (Places - 1);
}
