using System.ComponentModel;
using AgentSentinel.Service.Commands;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Live;
using AgentSentinel.Service.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace AgentSentinel.Service.Api;

/// <summary>Commands: the one thing that can be written.</summary>
internal static class CommandEndpoints
{
    private const int LongestWaitSeconds = 60;
    private const string Tag = "Commands";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/commands", SendAsync)
            .RequireAuthorization(ApiPolicy.For(Role.Analyst))
            .WithTags(Tag)
            .WithSummary("Command something: suspend, lift, approve, dismiss, verdict, disarm, arm, erase.")
            .WithDescription("Appends to the journal. What it leads to is told at outcome_url. Dismiss and verdict need the role analyst; suspend, lift, approve and disarm responder; arm and erase admin.")
            .Produces<CommandAccepted>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/commands/{id}", FindAsync)
            .WithTags(Tag)
            .WithSummary("A command and what became of it.")
            .Produces<CommandOutcome>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/commands", (AuditQueries audit, string? actor, DateTimeOffset? from, DateTimeOffset? before, bool? ascending, int? limit, string? after) =>
                TaggedJson.Of(audit.List(
                    new AuditFilter { Kinds = ["command"], Actor = actor, From = from, Before = before }, ascending != true, ApiPage.Of(limit, after))))
            .WithTags(Tag)
            .WithSummary("Commands in history, the newest first.")
            .Produces<Page<AuditRow>>();
    }

    private static async Task<IResult> SendAsync(
        CommandBody body,
        [FromHeader(Name = "Idempotency-Key"), Description("Makes repeats of the same command one.")] string? idempotencyKey,
        OperatorCommands commands,
        SentinelOptions options,
        HttpContext context)
    {
        var caller = Caller.Of(context.User)!;
        if (!caller.May(body.Kind))
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, $"This needs the role {Caller.RoleFor(body.Kind).ToString().ToLowerInvariant()}.");
        }

        if (body is { Session: not null, Credential: not null })
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, "Either a session or a credential.");
        }

        var receipt = await commands.SendAsync(body.ToRequest(options.Detection.CreateFingerprintKey()), caller.Name, idempotencyKey, context.RequestAborted);
        if (receipt.Objection is { } objection)
        {
            return ApiProblem.Of(receipt.IsConflict ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest, objection);
        }

        var url = $"/v1/commands/{receipt.CommandId}";
        return Results.Accepted(url, new CommandAccepted(receipt.CommandId!, url));
    }

    private static async Task<IResult> FindAsync(
        PathId named,
        [Description("Seconds to wait for the outcome, at most 60.")] int? wait,
        OperatorCommands commands,
        CommandOutcomes outcomes,
        StreamSlots slots,
        TimeProvider time,
        HttpContext context)
    {
        var found = commands.Find(named.Value);
        if (found is null or { State: CommandState.Accepted } && wait is > 0)
        {
            using var slot = slots.TryTake();
            if (slot is null)
            {
                return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, "Too many requests are waiting.");
            }

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(wait.Value, LongestWaitSeconds)), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
            found = await outcomes.WaitAsync(named.Value, either.Token) ?? found;
        }

        return found is null ? ApiProblem.Of(StatusCodes.Status404NotFound, "There is no such command.") : TaggedJson.Of(found);
    }
}
