using System.Security.Claims;

namespace AgentSentinel.Web.Actions;

/// <summary>Where commands of people go.</summary>
internal interface ICommandDesk
{
    /// <summary>Sends a command to the journal.</summary>
    /// <param name="user">Who commands it.</param>
    /// <param name="order">What is to be done.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops the wait, not the command.</param>
    /// <returns>Null when it is in the journal; else why it is not.</returns>
    Task<string?> SendAsync(ClaimsPrincipal user, CommandOrder order, string reason, CancellationToken cancellationToken);
}
