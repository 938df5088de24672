using Radzen;

namespace AgentSentinel.Web.Actions;

/// <summary>Opens the dialog of an action.</summary>
internal sealed class ActionDialogs(DialogService dialogs, NotificationService notifications)
{
    /// <summary>Asks, and sends when the person goes on.</summary>
    /// <returns>True when the command is in the journal.</returns>
    public async Task<bool> AskAsync(ActionCase action)
    {
        var sent = await dialogs.OpenAsync<ActionDialog>(
            ActionDialog.VerbOf(action.Kind),
            new Dictionary<string, object?> { [nameof(ActionDialog.Case)] = action },
            new DialogOptions { Width = "34rem", AutoFocusFirstElement = true, CloseDialogOnEsc = true, CssClass = "action-dialog" });
        if (sent is not true)
        {
            return false;
        }

        notifications.Notify(new NotificationMessage { Severity = NotificationSeverity.Success, Summary = $"{ActionDialog.VerbOf(action.Kind)}: in the journal", Detail = "What becomes of it shows here as it happens.", Duration = 5000 });
        return true;
    }
}
