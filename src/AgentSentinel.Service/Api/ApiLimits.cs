using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace AgentSentinel.Service.Api;

/// <summary>How often a caller may ask: by name, or by address when nobody is known.</summary>
internal static class ApiLimits
{
    private const int UnknownPerMinute = 120;

    public static void AddTo(RateLimiterOptions limiter, ApiOptions options)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (string Kind, string Caller)>(context =>
            Caller.Of(context.User) is not { } caller
                ? Window(("unknown", (context.Connection.RemoteIpAddress ?? IPAddress.None).ToString()), UnknownPerMinute)
            : HttpMethods.IsPost(context.Request.Method) ? Window(("command", caller.Name), options.MaxCommandsPerMinute)
            : Window(("read", caller.Name), options.MaxRequestsPerMinute));
        limiter.OnRejected = (context, _) =>
        {
            if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after))
            {
                context.HttpContext.Response.Headers.RetryAfter = FormattableString.Invariant($"{Math.Ceiling(after.TotalSeconds)}");
            }

            return ValueTask.CompletedTask;
        };
    }

    private static RateLimitPartition<(string Kind, string Caller)> Window((string Kind, string Caller) key, int perMinute) =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) });
}
