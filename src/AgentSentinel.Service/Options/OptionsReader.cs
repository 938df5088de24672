using Microsoft.Extensions.Configuration;

namespace AgentSentinel.Service.Options;

/// <summary>Turns configuration into a typed tree of options, strictly: whatever would be ignored or guessed is an error.</summary>
public static class OptionsReader
{
    /// <summary>
    /// The options, or every error at once. Keys that are not configured keep their defaults; lists replace their default,
    /// map entries are added to it. A property type that cannot be configured is a bug and throws.
    /// </summary>
    public static OptionsResult<T> Read<T>(IConfiguration configuration)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var value = new T();
        var binder = new OptionsBinder([.. OptionsDocument.Describe(value).Select(row => row.Key).Where(key => !key.Contains('<', StringComparison.Ordinal))]);
        binder.BindRecord(value, "", configuration.GetChildren());
        var validator = new OptionsValidator(binder.IncompleteSections);
        validator.Validate(value, "");
        OptionsError[] errors = [.. binder.Errors, .. validator.Errors];
        return errors.Length == 0 ? new(value) : new(errors);
    }
}
