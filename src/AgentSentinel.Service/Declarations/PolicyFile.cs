using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Policy;

namespace AgentSentinel.Service.Declarations;

/// <summary>
/// The policy as a YAML or JSON file: <c>version</c>, optionally <c>mode</c> and <c>modes</c> (groups, mode), and <c>rules</c>
/// (name, when: severity, risk, detectors, agents, groups, sensitivity; then; duration), of which the first that applies decides.
/// </summary>
internal static class PolicyFile
{
    /// <summary>The policy; what is wrong with the file goes to <paramref name="errors"/>.</summary>
    public static ResponsePolicy? Read(string path, AgentRegistry registry, List<DeclarationError> errors) => Of(DeclarationNode.Open(path, errors), registry);

    /// <summary>The policy that a root declares; null without a root.</summary>
    public static ResponsePolicy? Of(DeclarationNode? declared, AgentRegistry registry)
    {
        if (declared is not { } root)
        {
            return null;
        }

        var version = root.Text("version", isRequired: true) ?? "";
        var mode = root.Choice<SuspensionMode>("mode");
        var modes = root.Maps("modes").Select(node => Mode(node, registry)).ToList();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var rules = new List<PolicyRule>();
        foreach (var node in root.Maps("rules"))
        {
            var rule = Rule(node, registry);
            if (!names.Add(rule.Name))
            {
                node.Fail($"Another rule before has the name {rule.Name}.");
            }

            rules.Add(rule);
        }

        root.RefuseRest();
        if (rules.Count == 0)
        {
            root.Fail("rules: there is none, so nothing would ever be done.");
        }

        return new ResponsePolicy(version, rules) { Mode = mode, Modes = modes };
    }

    private static GroupMode Mode(DeclarationNode node, AgentRegistry registry)
    {
        var groups = Groups(node, registry);
        if (groups.Count == 0)
        {
            node.Fail("groups is missing.");
        }

        if (node.Choice<SuspensionMode>("mode") is not { } mode)
        {
            node.Fail("mode is missing or wrong.");
            mode = SuspensionMode.Observe;
        }

        return new GroupMode(groups, mode);
    }

    private static PolicyRule Rule(DeclarationNode node, AgentRegistry registry)
    {
        var name = node.Text("name", isRequired: true) ?? "";
        var conditions = new PolicyConditions();
        if (node.Map("when") is { } when)
        {
            conditions = new PolicyConditions
            {
                Severity = when.Choice<Severity>("severity"),
                Risk = when.Number("risk"),
                Detectors = when.Texts("detectors"),
                Agents = when.Texts("agents"),
                Groups = Groups(when, registry),
                Sensitivity = when.Choice<Sensitivity>("sensitivity"),
            };
            when.RefuseRest();
        }

        var then = node.Choice<ResponseStep>("then");
        if (then is null && node.Text("then") is null)
        {
            node.Fail("then is missing: what is to be done.");
        }

        return new PolicyRule(name, conditions, then ?? ResponseStep.Notify) { Duration = node.Duration("duration") };
    }

    /// <summary>A group that nobody is in would be a rule that never applies: most likely a mistake in writing.</summary>
    private static IReadOnlyList<string> Groups(DeclarationNode node, AgentRegistry registry)
    {
        var groups = node.Texts("groups");
        foreach (var group in groups.Where(g => !registry.Agents.Any(a => a.PeerGroup.Length > 0 && Glob.Matches(g, a.PeerGroup))))
        {
            node.Fail($"groups: no registered agent is in the group '{group}'.");
        }

        return groups;
    }
}
