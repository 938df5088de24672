using System.Security.Claims;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Api;
using AgentSentinel.Service.Commands;
using AgentSentinel.Service.Live;
using AgentSentinel.Web.Access;
using Confluent.Kafka;

namespace AgentSentinel.Web.Actions;

/// <summary>Gives a person's commands, as the API would: the role is asked for again, whatever buttons there were.</summary>
internal sealed class CommandDesk(SessionState session, OperatorCommands commands, CommandOutcomes outcomes, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>Sends a command and waits a little for what comes of it.</summary>
    /// <param name="user">Who commands it.</param>
    /// <param name="request">What is to be done.</param>
    /// <param name="key">The same for repeats of one click.</param>
    public async Task<CommandAnswer> SendAsync(ClaimsPrincipal user, CommandRequest request, string key)
    {
        if (session.Now(user) is not { } caller)
        {
            return CommandAnswer.Refused("You are no longer signed in: load the page again.");
        }

        if (!caller.May(request.Command))
        {
            return CommandAnswer.Refused($"This needs the role {Caller.RoleFor(request.Command).ToString().ToLowerInvariant()}.");
        }

        try
        {
            var receipt = await commands.SendAsync(request, caller.Name, key, CancellationToken.None);
            if (receipt.Objection is { } objection)
            {
                return CommandAnswer.Refused(objection);
            }

            using var patience = new CancellationTokenSource(Wait, time);
            var outcome = await outcomes.WaitAsync(receipt.CommandId!, patience.Token);
            return outcome switch
            {
                { State: CommandState.NoEffect } => CommandAnswer.Taken("It changed nothing: somebody was faster, or it was so already.", false),
                { Effects: [.., var told] } => CommandAnswer.Taken(told, true),
                null => CommandAnswer.Taken("It is in the journal; what becomes of it shows here as it happens.", true),
                _ => CommandAnswer.Taken("Done.", true),
            };
        }
        catch (KafkaException error)
        {
            return CommandAnswer.Refused($"The journal does not take it now ({error.Error.Code}). Try again: if it did arrive, it is not done twice.");
        }
    }

    /// <summary>Whether a person gets the button.</summary>
    public static bool Allows(ClaimsPrincipal user, OperatorCommandKind kind) => Caller.Of(user)?.May(kind) == true;

    /// <summary>A person's role, as shown.</summary>
    public static string RoleOf(ClaimsPrincipal user) => Caller.Of(user)?.Role.ToString().ToLowerInvariant() ?? "no role";
}
