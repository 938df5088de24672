using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors;

public sealed class DeclaredScopeTests
{
    private static readonly AgentRegistry Registry = new(
    [
        new RegisteredAgent("reader") { Scope = new AgentScope { Tools = ["crm.*"], Resources = ["crm/*"], Actions = ["read"] } },
        new RegisteredAgent("free"),
    ]);

    [Theory]
    [InlineData("crm.get_contact", "crm/contacts", ToolAction.Read, null)]
    [InlineData("mail.send", "crm/contacts", ToolAction.Read, "undeclared_tools")]
    [InlineData("crm.get_contact", "payroll/2026", ToolAction.Read, "undeclared_resources")]
    [InlineData("crm.drop", "crm/contacts", ToolAction.Delete, "undeclared_actions")]
    [InlineData("crm.get_contact", "crm/contacts", ToolAction.Unknown, null)]
    public void A_call_outside_of_the_declared_scope_is_evidence(string tool, string resource, ToolAction action, string? feature)
    {
        var anomalies = Found("reader", tool, resource, action);
        Assert.Equal(feature, anomalies.SingleOrDefault()?.Evidence.Feature);
        Assert.All(anomalies, a => Assert.Equal("scope", a.Evidence.Family));
        Assert.Empty(Found("free", tool, resource, action));
        Assert.Empty(Found("unknown", tool, resource, action));
    }

    [Theory]
    [InlineData("crm.export", 5000, ToolAction.Read, "unapproved_bulk_export")]
    [InlineData("crm.export", 5, ToolAction.Read, null)]
    [InlineData("iam.change", 0, ToolAction.Admin, "unapproved_permission_change")]
    [InlineData("ci.deploy", 0, ToolAction.Execute, "unapproved_deploy")]
    [InlineData("bank.payment", 0, ToolAction.Send, "unapproved_payment")]
    [InlineData("crm.get_contact", 0, ToolAction.Read, null)]
    public void A_high_impact_action_needs_an_approval_where_approvals_are_asked_for(string tool, double records, ToolAction action, string? feature)
    {
        Assert.Equal(feature, Found("free", tool, "crm/contacts", action, records, requireApproval: true).SingleOrDefault()?.Evidence.Feature);
        Assert.Empty(Found("free", tool, "crm/contacts", action, records, requireApproval: true, approval: "CHG-7"));
        Assert.Empty(Found("free", tool, "crm/contacts", action, records));
    }

    [Fact]
    public void Anomalies_carry_how_sensitive_it_was_and_whether_the_door_was_closed()
    {
        var anomaly = Assert.Single(Found("reader", "crm.get_contact", "payroll/2026", ToolAction.Read));
        Assert.Equal((Sensitivity.Restricted, false), (anomaly.Sensitivity, anomaly.IsOfFailedCalls));
        anomaly = Assert.Single(Found("reader", "mail.send", "notes", ToolAction.Read, status: CallStatus.Denied));
        Assert.Equal((Sensitivity.Internal, true), (anomaly.Sensitivity, anomaly.IsOfFailedCalls));
    }

    [Fact]
    public void What_people_change_holds_from_the_next_call_on_and_is_saved_with_the_memory()
    {
        var state = new VolatileState();
        var engine = Engine(state);
        Assert.Empty(Calls(engine, 0));
        var closed = new RegistryAmendments(5, [new("free", new RegisteredAgent("free") { Scope = new AgentScope { Tools = ["crm.*"] } })]);
        Assert.True(engine.Amend(closed));
        Assert.False(engine.Amend(new RegistryAmendments(6, closed.Entries)));
        Assert.Single(Calls(engine, 1));

        // What somebody says who has read less of the journal takes nothing back.
        Assert.False(engine.Amend(new RegistryAmendments(4, [])));
        Assert.Single(Calls(engine, 2));
        engine.Save(state);
        engine = Engine(state);
        Assert.Equal(["crm.*"], engine.Registry.Find("free")!.Scope!.Tools);
        Assert.Single(Calls(engine, 3));
        Assert.True(engine.Amend(new RegistryAmendments(9, [new("free", null)])));
        Assert.Empty(Calls(engine, 4));

        static DetectionEngine Engine(VolatileState state) => new(
            new DetectionOptions(), StandardDetectors.Create(new DetectorsOptions(), Some.Key, Registry), state, Registry);

        static List<Anomaly> Calls(DetectionEngine engine, int minute)
        {
            var output = new DetectionOutput();
            var time = Some.Monday.AddMinutes(minute);
            engine.Process(Some.ToolCall(time, id: $"c{minute}", agent: "free", tool: "mail.send"), time, output);
            return output.Anomalies;
        }
    }

    [Fact]
    public void Unregistered_agents_are_told_of_once_a_day_and_a_flood_of_them_is_bounded()
    {
        var engine = new DetectionEngine(new DetectionOptions(), [], new VolatileState(), Registry);
        var output = new DetectionOutput();
        for (var i = 0; i < 48; i++)
        {
            var time = Some.Monday.AddHours(i);
            engine.Process(Some.ToolCall(time, $"a{i}", "stranger"), time, output);
            engine.Process(Some.ToolCall(time, $"b{i}", "reader"), time, output);
        }

        Assert.Equal(["stranger", "stranger"], output.Sightings.Select(s => s.AgentId));
        output.Clear();
        for (var i = 0; i < 1000; i++)
        {
            var time = Some.Monday.AddDays(3).AddMinutes(10).AddSeconds(i);
            engine.Process(Some.ToolCall(time, $"c{i}", $"stranger-{i}"), time, output);
        }

        Assert.Equal(200, output.Sightings.Count);
    }

    private static List<Anomaly> Found(
        string agent, string tool, string resource, ToolAction action, double records = 0, bool requireApproval = false, string? approval = null, CallStatus status = CallStatus.Ok)
    {
        var detector = new DeclaredScope(new DeclaredScopeOptions { RequireApproval = requireApproval }, Registry);
        var engine = new DetectionEngine(new DetectionOptions(), [detector], new VolatileState(), Registry);
        var output = new DetectionOutput();
        var call = Some.ToolCall(agent: agent, tool: tool, resources: [resource], size: records, status: status);
        call.Action = action;
        call.ApprovalId = approval;
        engine.Process(call, call.Time, output);
        return [.. output.Anomalies.Where(a => a.Evidence.Detector == "declared-scope")];
    }
}
