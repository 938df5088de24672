namespace AgentSentinel.Service.Options;

/// <summary>
/// A section that knows rules which its types cannot say: ranges, and properties that must fit each other.
/// A range of one property may also be said by an attribute of <c>System.ComponentModel.DataAnnotations</c>;
/// for Core's records, which cannot see this interface, that is the only way.
/// </summary>
public interface IValidatedOptions
{
    /// <summary>
    /// Everything that is wrong with this section; nothing when it can be used. A message that begins with the name
    /// of a property and a colon is reported at that property's key, others at the section's. Must not repeat secrets.
    /// </summary>
    IEnumerable<string> Validate();
}
