using System.Security.Claims;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Api;

/// <summary>Who is asking, as authenticated.</summary>
/// <param name="Name">The name under which the journal and the access log know them.</param>
/// <param name="Role">What they may do.</param>
public sealed record Caller(string Name, Role Role)
{
    private const string RoleClaim = "sentinel_role";

    /// <summary>The caller in a principal; null when it has no role here.</summary>
    public static Caller? Of(ClaimsPrincipal principal) =>
        principal is { Identity: { IsAuthenticated: true, Name: { } name } } && Enum.TryParse<Role>(principal.FindFirstValue(RoleClaim), out var role)
            ? new Caller(name, role)
            : null;

    /// <summary>Least role for a command.</summary>
    public static Role RoleFor(OperatorCommandKind command) => command switch
    {
        OperatorCommandKind.Dismiss or OperatorCommandKind.Verdict => Role.Analyst,
        OperatorCommandKind.Suspend or OperatorCommandKind.Approve or OperatorCommandKind.Lift or OperatorCommandKind.Disarm => Role.Responder,
        _ => Role.Admin,
    };

    /// <summary>Whether they may give a command.</summary>
    public bool May(OperatorCommandKind command) => Role >= RoleFor(command);

    /// <summary>A principal; without a role it is known and may do nothing.</summary>
    internal static ClaimsPrincipal Principal(string name, Role? role, string scheme)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(ClaimsIdentity.DefaultNameClaimType, name));
        if (role is { } known)
        {
            identity.AddClaim(new Claim(RoleClaim, known.ToString()));
        }

        return new ClaimsPrincipal(identity);
    }
}
