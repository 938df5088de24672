using System.Diagnostics.CodeAnalysis;

namespace AgentSentinel.Service.Options;

/// <summary>What was read, or everything that is wrong with it: never both.</summary>
public sealed record OptionsResult<T>
    where T : class
{
    internal OptionsResult(T value) => Value = value;

    internal OptionsResult(IReadOnlyList<OptionsError> errors) => Errors = errors;

    /// <summary>The value; null when there are errors.</summary>
    public T? Value { get; }

    /// <summary>Every error found, in the order of the keys; empty when there is a value.</summary>
    public IReadOnlyList<OptionsError> Errors { get; } = [];

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsValid => Value is not null;
}
