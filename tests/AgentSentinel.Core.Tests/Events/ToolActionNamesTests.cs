using AgentSentinel.Core.Events;
using CsCheck;

namespace AgentSentinel.Core.Tests.Events;

public sealed class ToolActionNamesTests
{
    [Theory]
    [InlineData("crm.get_contact", ToolAction.Read)]
    [InlineData("crm.export_contacts", ToolAction.Read)]
    [InlineData("readFile", ToolAction.Read)]
    [InlineData("HTTPGet", ToolAction.Read)]
    [InlineData("s3:PutObject", ToolAction.Write)]
    [InlineData("s3put", ToolAction.Write)]
    [InlineData("add-user", ToolAction.Write)]
    [InlineData("UPDATE_PASSWORD", ToolAction.Write)]
    [InlineData("db/drop_table", ToolAction.Delete)]
    [InlineData("remove_user_from_slack", ToolAction.Delete)]
    [InlineData("jobs.run", ToolAction.Execute)]
    [InlineData("shell exec", ToolAction.Execute)]
    [InlineData("send_money", ToolAction.Send)]
    [InlineData("invite_user_to_slack", ToolAction.Send)]
    [InlineData("emailCustomer", ToolAction.Send)]
    [InlineData("iam.grantRole", ToolAction.Admin)]
    [InlineData("account_disable", ToolAction.Admin)]
    [InlineData("get_then_delete", ToolAction.Read)]
    [InlineData("delete_after_get", ToolAction.Delete)]
    [InlineData("VenmoWithdraw", ToolAction.Send)]
    [InlineData("smart_lock.unlock_door", ToolAction.Admin)]
    [InlineData("reserve_hotel", ToolAction.Execute)]
    [InlineData("github.merge_pull_request", ToolAction.Write)]
    [InlineData("git_push", ToolAction.Write)]
    [InlineData("assign_issue", ToolAction.Write)]
    [InlineData("reschedule_calendar_event", ToolAction.Write)]
    [InlineData("reset_password", ToolAction.Admin)]
    [InlineData("approve_request", ToolAction.Admin)]
    [InlineData("purchase_item", ToolAction.Execute)]
    [InlineData("retrieve_documents", ToolAction.Read)]
    [InlineData("vm.terminate", ToolAction.Delete)]
    [InlineData("forget", ToolAction.Unknown)]
    [InlineData("settings", ToolAction.Unknown)]
    [InlineData("calculator", ToolAction.Unknown)]
    [InlineData("<empty-function-name>", ToolAction.Unknown)]
    [InlineData("", ToolAction.Unknown)]
    [InlineData("...", ToolAction.Unknown)]
    public void The_first_verb_of_the_name_decides(string tool, ToolAction action) =>
        Assert.Equal(action, ToolActionNames.Infer(tool));

    [Theory]
    [InlineData("email.search", ToolAction.Read)]
    [InlineData("email.delete", ToolAction.Delete)]
    [InlineData("email", ToolAction.Send)]
    [InlineData("roles.list", ToolAction.Read)]
    [InlineData("admin.getUsers", ToolAction.Read)]
    [InlineData("book.search", ToolAction.Read)]
    [InlineData("book_flight", ToolAction.Execute)]
    [InlineData("schedule.list", ToolAction.Read)]
    [InlineData("schedule_meeting", ToolAction.Write)]
    [InlineData("tweet", ToolAction.Send)]
    [InlineData("EpicFHIRManageAppointments", ToolAction.Write)]
    [InlineData("BinanceDeposit", ToolAction.Send)]
    [InlineData("deposit.list", ToolAction.Read)]
    [InlineData("commit.delete", ToolAction.Delete)]
    [InlineData("close_issue", ToolAction.Write)]
    [InlineData("role.update", ToolAction.Admin)]
    [InlineData("admin.delete_user", ToolAction.Admin)]
    [InlineData("permissions", ToolAction.Admin)]
    public void A_noun_stands_for_a_verb_where_none_follows_and_rights_are_no_ordinary_write(string tool, ToolAction action) =>
        Assert.Equal(action, ToolActionNames.Infer(tool));

    [Fact]
    public void No_name_makes_it_throw() => Gen.String.Sample(name => Enum.IsDefined(ToolActionNames.Infer(name)), seed: "0000KOIeLp54", iter: 10_000);
}
