using AgentSentinel.Core.Events;
using AgentSentinel.Service.Sinks;
using Radzen;

namespace AgentSentinel.Web.Actions;

/// <summary>Opens the dialog of an action.</summary>
internal sealed class ActionDialogs(DialogService dialogs, NotificationService notifications)
{
    private const int LongestDetail = 160;
    private const double ShownFor = 6_000;

    /// <summary>Asks, and sends when the person goes on.</summary>
    /// <returns>True when the command is in the journal.</returns>
    public async Task<bool> AskAsync(ActionCase action)
    {
        var answer = await dialogs.OpenAsync<ActionDialog>(
            ActionDialog.VerbOf(action.Kind),
            new Dictionary<string, object?> { [nameof(ActionDialog.Case)] = action },
            new DialogOptions { Width = "34rem", AutoFocusFirstElement = true, CloseDialogOnEsc = true, CssClass = "action-dialog" });
        if (answer is not CommandAnswer sent)
        {
            return false;
        }

        notifications.Notify(new NotificationMessage
        {
            Severity = sent.HasEffect ? NotificationSeverity.Success : NotificationSeverity.Warning,
            Summary = $"{ActionDialog.VerbOf(action.Kind)}: {(sent.HasEffect ? "done" : "no effect")}",
            Detail = IncidentText.Cut(PlainText.Of(sent.Told), LongestDetail),
            Duration = ShownFor,
        });
        return true;
    }
}
