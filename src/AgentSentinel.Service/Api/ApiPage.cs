using AgentSentinel.Service.History;
using Microsoft.AspNetCore.Http;

namespace AgentSentinel.Service.Api;

/// <summary>Which page of a list was asked for.</summary>
internal static class ApiPage
{
    private const int UsualRows = 50;

    /// <exception cref="BadHttpRequestException">There are no such pages.</exception>
    public static PageRequest Of(int? limit, string? after) => limit is null or (> 0 and <= PageRequest.MostRows)
        ? new PageRequest(limit ?? UsualRows, after)
        : throw new BadHttpRequestException($"limit is a number from 1 to {PageRequest.MostRows}.");
}
