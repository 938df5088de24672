using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;

namespace AgentSentinel.Service.Declarations;

/// <summary>
/// The registry as a YAML or JSON file: <c>agents</c> (id or glob, owner, purpose, peer_group, scope, criticality, credentials, protected, substitute)
/// and, optionally, <c>resources</c> (match, sensitivity), asked from the first to the last.
/// </summary>
internal static class RegistryFile
{
    private static readonly string[] Actions = [.. Enum.GetNames<ToolAction>().Select(n => n.ToLowerInvariant()).Where(n => n != "unknown")];

    /// <summary>The registry; what is wrong with the file goes to <paramref name="errors"/>.</summary>
    public static AgentRegistry Read(string path, List<DeclarationError> errors) => Of(DeclarationNode.Open(path, errors));

    /// <summary>The registry that a root declares; an empty one without a root.</summary>
    public static AgentRegistry Of(DeclarationNode? declared)
    {
        if (declared is not { } root)
        {
            return AgentRegistry.Empty;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        var holders = new Dictionary<string, string>(StringComparer.Ordinal);
        var agents = new List<RegisteredAgent>();
        foreach (var node in root.Maps("agents"))
        {
            var agent = Agent(node);
            if (!ids.Add(agent.Id))
            {
                node.Fail($"Another agent before has the id {agent.Id}.");
            }

            foreach (var credential in agent.Credentials)
            {
                // A credential of two agents could be taken from one for what the other did.
                if (!holders.TryAdd(credential, agent.Id) && holders[credential] != agent.Id)
                {
                    node.Fail($"The credential {credential} is declared for {holders[credential]} too.");
                }
            }

            agents.Add(agent);
        }

        var resources = root.Maps("resources").Select(Resources).ToList();
        root.RefuseRest();
        return new AgentRegistry(agents, resources.Count == 0 ? null : resources);
    }

    /// <summary>What is wrong with a scope.</summary>
    public static IEnumerable<string> Objections(AgentScope scope) => scope.Actions
        .Where(a => !Actions.Any(known => Glob.Matches(a, known)))
        .Select(a => $"actions: '{a}' fits none of {string.Join(", ", Actions)}.");

    private static RegisteredAgent Agent(DeclarationNode node) => new(node.Text("id", isRequired: true) ?? "")
    {
        Owner = node.Text("owner") ?? "",
        Purpose = node.Text("purpose") ?? "",
        PeerGroup = node.Text("peer_group") ?? "",
        Scope = node.Map("scope") is { } scope ? Scope(scope) : null,
        Criticality = node.Choice<Criticality>("criticality") ?? Criticality.Medium,
        Credentials = node.Texts("credentials"),
        IsProtected = node.Truth("protected") ?? false,
        Substitute = node.Text("substitute"),
    };

    private static AgentScope Scope(DeclarationNode node)
    {
        var scope = new AgentScope { Tools = node.Texts("tools"), Resources = node.Texts("resources"), Actions = node.Texts("actions") };
        foreach (var objection in Objections(scope))
        {
            node.Fail(objection);
        }

        node.RefuseRest();
        return scope;
    }

    private static LabelledResources Resources(DeclarationNode node) =>
        new(node.Text("match", isRequired: true) ?? "", node.Choice<Sensitivity>("sensitivity") ?? Sensitivity.Internal);
}
