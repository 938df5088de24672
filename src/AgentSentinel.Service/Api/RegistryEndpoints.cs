using System.ComponentModel;
using AgentSentinel.Core.Registry;
using AgentSentinel.Service.Commands;
using AgentSentinel.Service.Declarations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSentinel.Service.Api;

/// <summary>What is declared of the agents, and who acts without being declared.</summary>
internal static class RegistryEndpoints
{
    private const string Tag = "Registry";
    private const string Why = "Why. It stands in the journal and the audit beside your name.";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/registry", (CurrentRegistry registry, int? limit, string? after) => TaggedJson.Of(Page(
                registry.Registry.Agents.Select(a => View(registry, a)), v => v.Id, limit, after)))
            .WithTags(Tag).WithSummary("What is registered, by id: the registry file, and what was changed since.").Produces<History.Page<RegistryView>>();
        api.MapGet("/unregistered-agents", (CurrentRegistry registry, int? limit, string? after) => TaggedJson.Of(Page(
                registry.Unregistered.Select(u => new UnregisteredView(u.AgentId, u.FirstSeen, u.LastSeen, u.MistakableFor)), v => v.Id, limit, after)))
            .WithTags(Tag).WithSummary("Agents that act and are not registered, by id; where nobody is registered there are none.").Produces<History.Page<UnregisteredView>>();
        api.MapGet("/registry/{id}", (PathId named, CurrentRegistry registry) => registry.Registry.Agents.FirstOrDefault(a => a.Id == named.Value) is { } agent
                ? TaggedJson.Of(View(registry, agent))
                : ApiProblem.Of(StatusCodes.Status404NotFound, "There is no such entry."))
            .WithTags(Tag).WithSummary("One entry, by its own id or glob.").Produces<RegistryView>().ProducesProblem(StatusCodes.Status404NotFound);
        OfAdmins(api.MapPut("/registry/{id}", PutAsync), "Register an agent or a glob of agents, or change its entry, as a whole.");
        OfAdmins(api.MapDelete("/registry/{id}", DeleteAsync), "Remove an entry.");
    }

    private static void OfAdmins(RouteHandlerBuilder route, string summary) => route
        .RequireAuthorization(ApiPolicy.For(Role.Admin))
        .WithTags(Tag)
        .WithSummary(summary)
        .WithDescription("Appends to the journal. It holds on every instance, for the response and for the detectors, as soon as that has read it there.")
        .Produces(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static Task<IResult> PutAsync(PathId named, RegistryBody body, RegistryChanges changes, HttpContext context) =>
        SendAsync(changes, named.Value, body.ToAgent(named.Value), body.Reason, context);

    private static Task<IResult> DeleteAsync(PathId named, [Description(Why)] string reason, RegistryChanges changes, HttpContext context) =>
        SendAsync(changes, named.Value, null, reason, context);

    private static async Task<IResult> SendAsync(RegistryChanges changes, string id, RegisteredAgent? agent, string reason, HttpContext context) =>
        await changes.SendAsync(id, agent, Caller.Of(context.User)!.Name, reason, context.RequestAborted) is { } refusal
            ? ApiProblem.Of(refusal.IsConflict ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest, refusal.Objection)
            : Results.Accepted($"/v1/registry/{Uri.EscapeDataString(id)}");

    private static RegistryView View(CurrentRegistry registry, RegisteredAgent agent) =>
        RegistryView.Of(agent, registry.Amendments?.Entries.Any(e => e.Id == agent.Id) == true);

    private static History.Page<T> Page<T>(IEnumerable<T> sorted, Func<T, string> id, int? limit, string? after)
    {
        var page = ApiPage.Of(limit, null);
        var items = sorted.Where(i => after is null || string.CompareOrdinal(id(i), after) > 0).Take(page.Size + 1).ToList();
        return items.Count <= page.Size ? new History.Page<T>(items, null) : new History.Page<T>(items[..^1], id(items[^2]));
    }
}
