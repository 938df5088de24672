using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response.Policy;

namespace AgentSentinel.Service.Declarations;

/// <summary>What was declared, read once at the start.</summary>
/// <param name="Registry">The agents and the labels of resources.</param>
/// <param name="Calendar">Holidays and planned changes.</param>
/// <param name="Policy">What is to be done about which incident; null for the built-in policy.</param>
public sealed record DeclarationSet(AgentRegistry Registry, WorkCalendar Calendar, ResponsePolicy? Policy)
{
    /// <summary>What young agents borrow; null for what is built in.</summary>
    public FleetModel? Model { get; init; }

    /// <summary>The text that the registry was read from; null when there is none.</summary>
    public string? RegistryText { get; init; }

    /// <summary>The text that the policy was read from; null for the built-in one.</summary>
    public string? PolicyText { get; init; }

    /// <summary>Reads the files that the options name.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="errors">Everything that is wrong with them; empty when the set can be used.</param>
    public static DeclarationSet Read(DeclarationOptions options, out IReadOnlyList<DeclarationError> errors)
    {
        var found = new List<DeclarationError>();
        var registry = string.IsNullOrEmpty(options.RegistryFile) ? AgentRegistry.Empty : RegistryFile.Read(options.RegistryFile, found);
        var calendar = string.IsNullOrEmpty(options.CalendarFile) ? WorkCalendar.Empty : CalendarFile.Read(options.CalendarFile, options.CalendarTimeZone, found);
        var policy = string.IsNullOrEmpty(options.PolicyFile) ? null : PolicyFile.Read(options.PolicyFile, registry, found);
        var model = string.IsNullOrEmpty(options.ModelFolder) ? null : FleetModel.Read(options.ModelFolder, found);
        errors = found;
        return new DeclarationSet(registry, calendar, policy)
        {
            Model = model,
            RegistryText = found.Count == 0 ? TextOf(options.RegistryFile) : null,
            PolicyText = found.Count == 0 ? TextOf(options.PolicyFile) : null,
        };
    }

    /// <summary>Reads files that were checked before.</summary>
    /// <param name="options">Where they are.</param>
    /// <exception cref="InvalidDataException">They cannot be used; the message lists every error.</exception>
    public static DeclarationSet Read(DeclarationOptions options)
    {
        var set = Read(options, out var errors);
        return errors.Count == 0 ? set : throw new InvalidDataException(string.Join(Environment.NewLine, errors));
    }

    private static string? TextOf(string? path) => string.IsNullOrEmpty(path) ? null : File.ReadAllText(path);
}
