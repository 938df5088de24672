using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Core.Tests.Registry;

public sealed class AgentRegistryTests
{
    private static readonly AgentRegistry Fleet = new(
    [
        new RegisteredAgent("crm-*") { Owner = "sales" },
        new RegisteredAgent("crm-export-*") { Owner = "exports" },
        new RegisteredAgent("crm-assistant") { Owner = "emma", PeerGroup = "assistants", Credentials = ["key-1"] },
        new RegisteredAgent("hr-assistant") { Owner = "liam", PeerGroup = "assistants" },
    ]);

    [Theory]
    [InlineData("crm-assistant", "emma")]
    [InlineData("crm-other", "sales")]
    [InlineData("crm-export-7", "exports")]
    [InlineData("hr-other", null)]
    [InlineData("", null)]
    [InlineData("crm-*", "sales")]
    public void An_agent_s_own_entry_comes_first_then_the_pattern_that_says_most(string agentId, string? owner) =>
        Assert.Equal(owner, Fleet.Find(agentId)?.Owner);

    [Theory]
    [InlineData("CRM-assistant")]
    [InlineData("crm-Assistant\u200B")]
    [InlineData("crm-\u0430ssistant")]
    [InlineData("\u0441rm-assistant")]
    [InlineData("crm\uFF0Dassistant")]
    [InlineData("crm-assistant\u0000")]
    [InlineData("crm-assistant\u200B")]
    [InlineData("crm-ass\u0456stant")]
    public void An_id_that_only_looks_alike_gets_no_entry_of_the_one_it_resembles(string agentId)
    {
        Assert.NotEqual("emma", Fleet.Find(agentId)?.Owner);
        Assert.Equal("crm-assistant", Fleet.MistakableFor(agentId));
        if (!System.Text.Ascii.IsValid(agentId))
        {
            Assert.Null(Fleet.Find(agentId));
        }
    }

    [Fact]
    public void An_ordinary_id_is_mistakable_for_nobody()
    {
        Assert.Null(Fleet.MistakableFor("crm-assistant"));
        Assert.Null(Fleet.MistakableFor("billing"));
    }

    [Fact]
    public void A_pattern_with_foreign_letters_is_for_foreign_ids_and_the_star_alone_for_everybody()
    {
        Assert.True(Glob.MatchesId("агент-*", "агент-1"));
        Assert.True(Glob.MatchesId("*", "агент-1"));
        Assert.False(Glob.MatchesId("*-1", "агент-1"));
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        Fleet.Find("crm-export-7");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Fleet.Find("crm-export-7");
            Fleet.Find("nobody");
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void It_knows_holders_of_credentials_and_members_of_groups_and_what_is_said_later_makes_another_of_it()
    {
        Assert.Equal("crm-assistant", Fleet.HolderOf("key-1")?.Id);
        Assert.Equal(["crm-assistant", "hr-assistant"], Fleet.MembersOf("assistants"));
        var amendments = new RegistryAmendments(7, [new("crm-assistant", new RegisteredAgent("crm-assistant") { Owner = "noah" }), new("hr-assistant", null)]);
        var changed = amendments.Over(Fleet);
        Assert.Equal("noah", changed.Find("crm-assistant")?.Owner);
        Assert.Null(changed.HolderOf("key-1"));
        Assert.Equal("emma", Fleet.Find("crm-assistant")?.Owner);
        Assert.Empty(changed.MembersOf("assistants"));
    }

    [Fact]
    public void A_resource_has_the_label_of_the_first_entry_that_fits_and_else_is_internal()
    {
        var catalogue = new ResourceCatalogue([new("crm/public/*", Sensitivity.Public), new("crm/*", Sensitivity.Confidential)]);
        Assert.Equal(Sensitivity.Public, catalogue.Of("crm/public/prices"));
        Assert.Equal(Sensitivity.Confidential, catalogue.Of("crm/contacts"));
        Assert.Equal(Sensitivity.Internal, catalogue.Of("tickets/7"));
        Assert.Equal(Sensitivity.Restricted, new ResourceCatalogue(ResourceCatalogue.Standard).Of("payroll/2026"));
    }
}
