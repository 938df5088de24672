namespace AgentSentinel.Service.Options;

/// <summary>What kind of thing a property holds. A type outside these kinds is a bug in an options record, and throws.</summary>
internal sealed class OptionsShape
{
    private OptionsShape(OptionsKind kind, Type type, OptionsShape? element = null)
    {
        Kind = kind;
        Type = type;
        Element = element;
    }

    public OptionsKind Kind { get; }

    /// <summary>The type of the thing itself, without <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; }

    /// <summary>What a list or map holds; null for others.</summary>
    public OptionsShape? Element { get; }

    /// <summary>The type in an operator's words.</summary>
    public string Words => Kind switch
    {
        OptionsKind.List => $"list of {Element!.Words}",
        OptionsKind.Map => $"map of {Element!.Words}",
        OptionsKind.Section => "section",
        _ => OptionsText.Words(Type),
    };

    public static OptionsShape Of(Type declared, string where)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (OptionsText.IsKnown(type))
        {
            return new(OptionsKind.Value, type);
        }

        if (type.IsArray)
        {
            return new(OptionsKind.List, type, Of(type.GetElementType()!, where));
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) && type.GetGenericArguments()[0] == typeof(string))
        {
            return new(OptionsKind.Map, type, Of(type.GetGenericArguments()[1], where));
        }

        if (type is { IsClass: true, IsAbstract: false } && type.Namespace?.StartsWith(nameof(System), StringComparison.Ordinal) != true && type.GetConstructor([]) is not null)
        {
            return new(OptionsKind.Section, type);
        }

        throw new InvalidOperationException(
            $"{where} has the type {declared}, which cannot be configured. Options hold values, T[], Dictionary<string, T> and records with a parameterless constructor.");
    }

    public object Create() => Activator.CreateInstance(Type)!;
}
