using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace AgentSentinel.Service.Options;

/// <summary>A property of an options record: what can be configured by one key.</summary>
internal sealed class OptionsProperty
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionsProperty>> Known = new();
    private readonly PropertyInfo _property;

    private OptionsProperty(PropertyInfo property)
    {
        _property = property;
        Shape = OptionsShape.Of(property.PropertyType, $"{property.DeclaringType?.Name}.{property.Name}");
        IsNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        IsSecret = property.GetCustomAttribute<PasswordPropertyTextAttribute>() is { Password: true };
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        Rules = [.. property.GetCustomAttributes<ValidationAttribute>()];
    }

    public string Name => _property.Name;

    public OptionsShape Shape { get; }

    public bool IsNullable { get; }

    public bool IsSecret { get; }

    public string Description { get; }

    public IReadOnlyList<ValidationAttribute> Rules { get; }

    /// <summary>The properties of a record that can be set, in the order of their declaration. Computed properties are no options.</summary>
    public static IReadOnlyList<OptionsProperty> Of(Type record) => Known.GetOrAdd(record, static type =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .Select(property => new OptionsProperty(property))]);

    public object? Get(object record) => _property.GetValue(record);

    public void Set(object record, object? value) => _property.SetValue(record, value);
}
