using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace AgentSentinel.Service.Api;

/// <summary>Refuses a query with a word that the endpoint does not know: a misspelled filter would otherwise filter nothing, and nobody would notice.</summary>
internal static class KnownWords
{
    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        var known = endpoint.MethodInfo.GetParameters()
            .Select(p => p.GetCustomAttribute<FromQueryAttribute>()?.Name ?? p.Name!)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return context =>
        {
            var query = context.HttpContext.Request.Query;
            return query.Count == 0 || query.Keys.All(known.Contains)
                ? next(context)
                : ValueTask.FromResult<object?>(ApiProblem.Of(StatusCodes.Status400BadRequest, "The query has a word that is not known here."));
        };
    }
}
