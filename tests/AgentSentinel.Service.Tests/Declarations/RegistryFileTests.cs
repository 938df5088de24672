using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Tests.Suspension;

namespace AgentSentinel.Service.Tests.Declarations;

public sealed class RegistryFileTests
{
    private const string Yaml = """
        # Who may do what
        agents:
          - id: crm-assistant
            owner: emma
            purpose: answers customers
            peer_group: assistants
            scope: { tools: ["crm.*"], resources: crm/*, actions: [read, send] }
            criticality: high
            credentials: [key-1, key-2]
            protected: true
            substitute: crm-assistant-2
          - id: "crm-*"
        resources:
          - match: payroll/*
            sensitivity: restricted
        """;

    [Fact]
    public void Yaml_and_json_say_the_same()
    {
        var json = """
            {"agents":[{"id":"crm-assistant","owner":"emma","purpose":"answers customers","peer_group":"assistants",
              "scope":{"tools":["crm.*"],"resources":["crm/*"],"actions":["read","send"]},"criticality":"high",
              "credentials":["key-1","key-2"],"protected":true,"substitute":"crm-assistant-2"},{"id":"crm-*"}],
             "resources":[{"match":"payroll/*","sensitivity":"restricted"}]}
            """;
        foreach (var text in (string[])[Yaml, json])
        {
            var registry = Read(text, out var errors);
            Assert.Empty(errors);
            var agent = registry.Find("crm-assistant")!;
            Assert.Equal(
                ("emma", "answers customers", "assistants", Criticality.High, true, "crm-assistant-2"),
                (agent.Owner, agent.Purpose, agent.PeerGroup, agent.Criticality, agent.IsProtected, agent.Substitute));
            Assert.Equal(["crm/*"], agent.Scope!.Resources);
            Assert.Equal(["key-1", "key-2"], agent.Credentials);
            Assert.Equal("crm-*", registry.Find("crm-7")!.Id);
            Assert.Equal([new LabelledResources("payroll/*", Sensitivity.Restricted)], registry.Resources);
        }
    }

    [Fact]
    public void All_errors_come_at_once_each_with_its_line()
    {
        Read(
            """
            agents:
              - id: a
                ownr: emma
                criticality: huge
              - owner: nobody
              - id: a
                protected: maybe
                credentials: [k]
              - id: b
                credentials: [k]
                scope:
                  actions: [fly]
                  tolls: []
              - just text
            resource: []
            """,
            out var errors);
        Assert.Equal([3, 4, 5, 6, 7, 9, 12, 13, 14, 15], errors.Select(e => e.Line).Order());
        Assert.Contains("did you mean owner?", errors.Single(e => e.Line == 3).Message, StringComparison.Ordinal);
        Assert.Contains("low, medium, high", errors.Single(e => e.Line == 4).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agents: [")]
    [InlineData("- a list")]
    [InlineData("agents:\n  - id: a\n    id: b")]
    [InlineData("")]
    [InlineData("\t\0")]
    public void What_is_no_registry_is_an_error_and_no_exception(string text)
    {
        Read(text, out var errors);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error()
    {
        DeclarationSet.Read(new DeclarationOptions { RegistryFile = "not-there.yaml" }, out var errors);
        Assert.Single(errors);
    }

    private static AgentRegistry Read(string text, out IReadOnlyList<DeclarationError> errors)
    {
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, text);
        return DeclarationSet.Read(new DeclarationOptions { RegistryFile = file.Path }, out errors).Registry;
    }
}
