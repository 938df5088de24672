using System.Security.Claims;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Web.Actions;

/// <summary>Which buttons a role gets. What is sent is checked again where it is taken.</summary>
internal static class Permits
{
    private static readonly string[] Roles = ["admin", "responder", "analyst", "viewer"];

    /// <summary>The strongest role of a person.</summary>
    public static string RoleOf(ClaimsPrincipal user) => Array.Find(Roles, user.IsInRole) ?? "no role";

    /// <summary>Whether a person may command something.</summary>
    public static bool Allows(ClaimsPrincipal user, OperatorCommandKind kind) => kind switch
    {
        OperatorCommandKind.Verdict or OperatorCommandKind.Dismiss => user.IsInRole("analyst") || user.IsInRole("responder") || user.IsInRole("admin"),
        OperatorCommandKind.Arm or OperatorCommandKind.Erase => user.IsInRole("admin"),
        _ => user.IsInRole("responder") || user.IsInRole("admin"),
    };
}
