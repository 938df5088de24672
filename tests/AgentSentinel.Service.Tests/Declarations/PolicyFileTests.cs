using AgentSentinel.Core.Events;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Policy;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Tests.Suspension;

namespace AgentSentinel.Service.Tests.Declarations;

public sealed class PolicyFileTests
{
    private const string Registry = """
        agents:
          - { id: a, peer_group: writers }
          - { id: b, peer_group: readers }
        """;

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var policy = Read(
            """
            version: "2026-11"
            mode: automatic
            modes:
              - { groups: [writers], mode: approve }
            rules:
              - name: secrets
                when: { severity: critical, risk: 6.5, detectors: ["secret-*"], agents: ["a*"], groups: [readers], sensitivity: restricted }
                then: suspend_credential
                duration: 90m
              - { name: rest, then: propose }
            """,
            out var errors)!;
        Assert.Empty(errors);
        Assert.Equal(("2026-11", SuspensionMode.Automatic, SuspensionMode.Approve), (policy.Version, policy.Mode!.Value, policy.Modes.Single().Mode));
        var (first, second) = (policy.Rules[0], policy.Rules[1]);
        Assert.Equal(("secrets", ResponseStep.SuspendCredential, TimeSpan.FromMinutes(90)), (first.Name, first.Then, first.Duration!.Value));
        Assert.Equal((Severity.Critical, 6.5, Sensitivity.Restricted), (first.When.Severity!.Value, first.When.Risk!.Value, first.When.Sensitivity!.Value));
        Assert.Equal(["secret-*", "a*", "readers"], [.. first.When.Detectors, .. first.When.Agents, .. first.When.Groups]);
        Assert.Equal(("rest", ResponseStep.Propose), (second.Name, second.Then));
    }

    [Fact]
    public void All_errors_come_at_once_each_with_its_line()
    {
        Read(
            """
            mode: yolo
            modes:
              - groups: [nobody]
                mode: observe
              - mode: observe
            rules:
              - name: one
                when:
                  severity: awful
                  risky: 3
                then: explode
              - name: one
                then: notify
                duration: forever
              - when: {}
            """,
            out var errors);
        Assert.Equal([1, 1, 3, 5, 9, 10, 11, 12, 14, 15, 15], errors.Select(e => e.Line).Order());
    }

    [Fact]
    public void A_policy_without_rules_is_an_error()
    {
        Read("version: 1", out var errors);
        Assert.Single(errors);
    }

    private static ResponsePolicy? Read(string text, out IReadOnlyList<DeclarationError> errors)
    {
        using var registry = new TemporaryFile();
        using var policy = new TemporaryFile();
        File.WriteAllText(registry.Path, Registry);
        File.WriteAllText(policy.Path, text);
        return DeclarationSet.Read(new DeclarationOptions { RegistryFile = registry.Path, PolicyFile = policy.Path }, out errors).Policy;
    }
}
