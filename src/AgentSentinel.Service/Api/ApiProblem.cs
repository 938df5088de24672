using System.Text.Json;
using AgentSentinel.Service.History;
using Confluent.Kafka;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.Api;

/// <summary>What is answered when there is no answer: problem details (RFC 9457). They tell what the caller can do, never what the inside looks like.</summary>
internal static class ApiProblem
{
    private const string RetrySeconds = "2";

    public static IResult Of(int status, string detail) => Results.Problem(detail, statusCode: status);

    public static async Task WriteAsync(HttpContext context, int status, string? detail)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            return;
        }

        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetrySeconds;
        }

        await JsonSerializer.SerializeAsync(
            response.Body, new Problem("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail), Live.LiveJson.Options, context.RequestAborted);
    }

    /// <summary>For errors without a body: an unknown path, no token, the wrong method.</summary>
    public static Task WriteForStatusAsync(StatusCodeContext context) => WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode, context.HttpContext.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => "A valid token is needed.",
        StatusCodes.Status403Forbidden => "Your role does not allow this.",
        StatusCodes.Status429TooManyRequests => "Too many requests in a short time.",
        _ => null,
    });

    /// <summary>For what was thrown; the exception itself is in the log.</summary>
    public static Task WriteForExceptionAsync(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        BadHttpRequestException bad => WriteAsync(context, bad.StatusCode, bad.StatusCode == StatusCodes.Status400BadRequest ? DetailOf(bad) : null),
        InvalidCursorException cursor => WriteAsync(context, StatusCodes.Status400BadRequest, cursor.Message),
        HistoryUnavailableException or SqliteException => WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "History cannot be read at present."),
        KafkaException => WriteAsync(
            context, StatusCodes.Status503ServiceUnavailable, "The journal did not take it in time; it may have arrived all the same. Repeat it with the same Idempotency-Key."),
        _ => WriteAsync(context, StatusCodes.Status500InternalServerError, null),
    };

    // The JSON reader's own words quote nothing of the text but names and places.
    private static string DetailOf(BadHttpRequestException bad) => bad.InnerException is JsonException json
        ? $"The body is not what is expected{(json.Path is { Length: > 0 } path ? $" at {path}" : "")}."
        : "A parameter is missing or cannot be read.";

    private sealed record Problem(string Type, string Title, int Status, string? Detail);
}
