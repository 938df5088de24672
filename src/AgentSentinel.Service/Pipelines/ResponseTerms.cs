using System.Text.Json;
using AgentSentinel.Core;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Declarations;

namespace AgentSentinel.Service.Pipelines;

/// <summary>Everything besides the journal that the response engine's decisions follow from, in a form that can be kept: what was said, not what was made of it.</summary>
/// <param name="Options">Options of the response.</param>
/// <param name="Registry">Text of the registry; null when there is none.</param>
/// <param name="Policy">Text of the policy; null for the built-in one.</param>
internal sealed record ResponseTerms(ResponseOptions Options, string? Registry, string? Policy)
{
    public static ResponseTerms Of(ResponseOptions options, DeclarationSet declared) => new(options, declared.RegistryText, declared.PolicyText);

    /// <summary>Equal texts are equal terms.</summary>
    public string ToText() => JsonSerializer.Serialize(this);

    public static ResponseTerms FromText(string text) => JsonSerializer.Deserialize<ResponseTerms>(text) ?? throw new InvalidDataException("No terms.");

    /// <summary>An engine that goes on under these terms.</summary>
    /// <exception cref="MemoryFormatException">The saved memory is damaged or of another version.</exception>
    public ResponseEngine CreateEngine(IStateReader saved)
    {
        // They were checked when they came into force.
        var errors = new List<DeclarationError>();
        var registry = RegistryFile.Of(Parse("registry", Registry, errors));
        return new ResponseEngine(Options, saved, registry, PolicyFile.Of(Parse("policy", Policy, errors), registry));
    }

    private static DeclarationNode? Parse(string name, string? text, List<DeclarationError> errors)
    {
        if (text is null)
        {
            return null;
        }

        using var reader = new StringReader(text);
        return DeclarationNode.Parse(name, reader, errors);
    }
}
