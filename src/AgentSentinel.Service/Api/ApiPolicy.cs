using Microsoft.AspNetCore.Authorization;

namespace AgentSentinel.Service.Api;

/// <summary>One authorization policy for each role: that role, or a higher one.</summary>
public static class ApiPolicy
{
    /// <summary>The name of a role's policy.</summary>
    public static string For(Role role) => role.ToString();

    internal static void AddTo(AuthorizationOptions options)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            options.AddPolicy(For(role), policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Caller.Of(context.User)?.Role >= role));
        }

        // Whatever says nothing about it is for those who may see everything.
        options.FallbackPolicy = options.GetPolicy(For(Role.Viewer));
    }
}
