using AgentSentinel.Core.Response;
using AgentSentinel.Service.Commands;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Radzen;

namespace AgentSentinel.Web.Actions;

/// <summary>Asks for a reason and shows what will happen, before it happens.</summary>
public sealed partial class ActionDialog : ComponentBase
{
    private const int ShortestReason = 3;

    private SuspensionTarget _part;
    private Verdict? _verdict;
    private string _reason = "";
    private string? _error;
    private bool _isSending;
    private CommandRequest? _sent;
    private string _key = "";

    /// <summary>What it is about.</summary>
    [Parameter, EditorRequired]
    public ActionCase Case { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private CommandDesk Desk { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    /// <summary>The action in one word.</summary>
    public static string VerbOf(OperatorCommandKind kind) => kind switch
    {
        OperatorCommandKind.Verdict => "Give verdict",
        _ => kind.ToString(),
    };

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        _part = Case.Parts.Count > 0 ? Case.Parts[0] : default;
        _verdict = Case.Kind == OperatorCommandKind.Verdict ? Verdict.Justified : null;
    }

    private string Verb => Case.Kind == OperatorCommandKind.Suspend && Case.Parts.Count > 0 && _part.Kind != SuspensionTargetKind.Agent
        ? $"Suspend the {Text.Words.Target(_part.Kind)}"
        : Case is { Kind: OperatorCommandKind.Lift, Suspension.State: "proposed" } ? "Withdraw"
        : VerbOf(Case.Kind);

    // What was sent and not answered may have arrived: the same again is the same command, and something else is another.
    private string Key(CommandRequest request)
    {
        if (request != _sent)
        {
            (_sent, _key) = (request, Guid.CreateVersion7(Time.GetUtcNow()).ToString("n"));
        }

        return _key;
    }

    private async Task SendAsync()
    {
        // A second Enter while the first is on its way is one too many.
        if (_isSending)
        {
            return;
        }

        if (_reason.Trim().Length < ShortestReason)
        {
            _error = "Say why, in a few words.";
            return;
        }

        (_isSending, _error) = (true, null);
        var request = new CommandRequest(Case.Kind, Case.Target, _reason.Trim()) { Verdict = _verdict, Part = Case.Parts.Count > 0 && _part.Kind != SuspensionTargetKind.Agent ? _part : null };
        var answer = await Desk.SendAsync((await Authentication).User, request, Key(request));
        (_isSending, _error) = (false, answer.Objection);
        if (_error is null)
        {
            Dialogs.Close(answer);
        }
    }
}
