using AgentSentinel.Core.Response;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Commands;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Live;
using AgentSentinel.Web.Access;
using AgentSentinel.Web.Actions;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Radzen;

namespace AgentSentinel.Web.Tests.Actions;

public sealed class ActionDialogTests : BunitContext
{
    private static readonly ActionCase Case = new(OperatorCommandKind.Suspend, "a", "a")
    {
        Parts = ActionCases.Parts("a", ["s-1"], ["k-1"]),
        Duration = TimeSpan.FromHours(4),
    };

    private readonly List<OperatorCommand> _sent = [];
    private bool _isDown;

    public ActionDialogTests()
    {
        var outcomes = new CommandOutcomes();
        var commands = new OperatorCommands(
            (json, token) =>
            {
                JournalJson.TryRead(json, out var entry, out _);
                _sent.Add((OperatorCommand)entry!);
                outcomes.Note(new CommandOutcome((OperatorCommand)entry!, CommandState.Done, ["suspension ordered"], []));
                return _isDown ? throw new Confluent.Kafka.KafkaException(Confluent.Kafka.ErrorCode.Local_MsgTimedOut) : Task.CompletedTask;
            },
            outcomes,
            new AuditQueries(new HistoryReader("/nowhere/history.sqlite")),
            TimeProvider.System);
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<DialogService>();
        Services.AddScoped(p => new CommandDesk(
            new SessionState(p.GetRequiredService<IServiceScopeFactory>(), new ApiOptions(), NullLoggerFactory.Instance), commands, outcomes, TimeProvider.System));
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void The_smallest_part_is_chosen_and_its_consequences_are_shown_before_anything_is_sent()
    {
        var dialog = Open(Role.Responder);
        Assert.True(dialog.FindAll("input[name=part]")[0].HasAttribute("checked"));
        Assert.Contains("This one session is stopped", dialog.Find(".consequences").TextContent, StringComparison.Ordinal);
        dialog.FindAll("input[name=part]")[2].Change("on");
        Assert.Contains("stopped entirely", dialog.Find(".consequences").TextContent, StringComparison.Ordinal);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Without_a_reason_nothing_is_sent()
    {
        var dialog = Open(Role.Responder);
        await dialog.Find("textarea").InputAsync("  ");
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("Say why", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task What_is_sent_names_the_part_the_person_and_the_reason()
    {
        var dialog = Open(Role.Responder);
        await dialog.Find("textarea").InputAsync("too many calls");
        await dialog.Find("form").SubmitAsync();
        var command = Assert.Single(_sent);
        Assert.Equal(("somebody", "too many calls", new SuspensionTarget(SuspensionTargetKind.Session, "s-1")), (command.Actor, command.Reason, command.Part!.Value));
    }

    [Fact]
    public async Task A_viewer_is_refused_even_with_the_dialog_open()
    {
        var dialog = Open(Role.Viewer);
        await dialog.Find("textarea").InputAsync("too many calls");
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("needs the role responder", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Trying_again_after_a_failure_is_the_same_command()
    {
        var dialog = Open(Role.Responder);
        _isDown = true;
        await dialog.Find("textarea").InputAsync("too many calls");
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("does not take it now", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        _isDown = false;
        await dialog.Find("form").SubmitAsync();
        Assert.Single(_sent.Select(c => c.Id).Distinct());
    }

    private IRenderedComponent<ActionDialog> Open(Role role) => Render<ActionDialog>(p => p
        .Add(d => d.Case, Case)
        .AddCascadingValue(Task.FromResult(new AuthenticationState(Caller.Principal("somebody", role, "test")))));
}
