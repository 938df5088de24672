using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace AgentSentinel.Service.Api;

/// <summary>An id out of a request's path; see <see cref="RawPath"/>.</summary>
/// <param name="Value">The id. Whatever somebody put there: data.</param>
internal sealed record PathId(string Value)
{
    /// <summary>Called by the router for a parameter of this type; such a route has one variable segment.</summary>
    public static ValueTask<PathId?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (context.GetEndpoint() is not RouteEndpoint { RoutePattern.PathSegments: var segments })
        {
            return ValueTask.FromResult<PathId?>(null);
        }

        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Parts is [RoutePatternParameterPart] && RawPath.TryGetSegment(context, i, segments.Count, out var value))
            {
                return ValueTask.FromResult<PathId?>(new PathId(value));
            }
        }

        return ValueTask.FromResult<PathId?>(null);
    }
}
