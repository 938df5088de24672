using AgentSentinel.Service.Commands;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Live;
using AgentSentinel.Service.Options;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSentinel.Service.Api;

/// <summary>The HTTP API, composed in one place: who is let in, in which order a request is looked at, and what there is.</summary>
internal static class ApiHost
{
    /// <summary>The scheme that chooses among the others.</summary>
    public const string Selector = "selector";

    private const string Oidc = "oidc";

    public static void AddTo(IServiceCollection services, SentinelOptions options)
    {
        var api = options.Api;
        services.AddSingleton(p => new OperatorCommands(
            options.Kafka, p.GetRequiredService<RecordProducer>(), p.GetRequiredService<CommandOutcomes>(), p.GetRequiredService<AuditQueries>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new RegistryChanges(
            options.Kafka, p.GetRequiredService<RecordProducer>(), p.GetRequiredService<CurrentRegistry>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AccessLog>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<AccessLog>());
        services.AddSingleton(new StreamSlots(api.MaxStreams));
        services.AddSingleton<DecisionEndpoint>();
        services.ConfigureHttpJsonOptions(json => LiveJson.Spell(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddRateLimiter(limiter => ApiLimits.AddTo(limiter, api));
        AddAuthentication(services, api);
        services.AddAuthorization(ApiPolicy.AddTo);
        ApiDocument.AddTo(services);
    }

    /// <summary>The order in which a request is looked at. Before any endpoint is mapped.</summary>
    public static void Use(WebApplication app, ApiOptions options)
    {
        app.Use(HideFromOthersAsync);
        app.Use(ApiHeaders.AddAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = ApiProblem.WriteForExceptionAsync, SuppressDiagnosticsCallback = c => c.Exception is BadHttpRequestException or InvalidCursorException });
        app.UseStatusCodePages(ApiProblem.WriteForStatusAsync);
        app.UseAuthentication();
        app.Use(NoteAsync);
        app.UseRateLimiter();
        app.UseAuthorization();
    }

    public static void Map(WebApplication app)
    {
        var decisions = app.Services.GetRequiredService<DecisionEndpoint>();
        MapDecision("/v1/decisions/{agent}", decisions.AnswerForPathAsync, "Whether an agent may act.");
        MapDecision("/v1/decisions", decisions.AnswerAsync, "Whether the agent in ?agent= may act; without it all that is denied.");

        var api = app.MapGroup("/v1").RequireAuthorization(ApiPolicy.For(Role.Viewer)).AddEndpointFilterFactory(KnownWords.Filter);
        HistoryEndpoints.Map(api);
        CommandEndpoints.Map(api);
        RegistryEndpoints.Map(api);
        api.MapGet("/feed", FeedEndpoint.StreamAsync)
            .WithTags("Feed").WithSummary("What happens, as server-sent events: alert, suspension, command; gap where events were lost.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
        api.MapGet("/status", (JournalFold fold, DecisionTable table) => fold.Status is { } status
                ? TaggedJson.Of(new StatusView(table.IsCurrent, status))
                : ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, "The journal was not read yet."))
            .WithTags("Overview").WithSummary("Where the response side stands, live.").Produces<StatusView>();
        api.MapGet("/caller", (HttpContext context) => Results.Ok(Caller.Of(context.User)))
            .RequireAuthorization(ApiPolicy.For(Role.Viewer)).WithTags("Overview").WithSummary("Who you are and what you may do.").Produces<Caller>();
        ApiDocument.Map(app);

        void MapDecision(string path, Func<HttpContext, Task> answer, string summary) => app.MapGet(path, answer)
            .RequireAuthorization(ApiPolicy.For(Role.Gateway))
            .DisableRateLimiting()
            .WithMetadata(Frequent.Instance)
            .WithTags("Decisions")
            .WithSummary(summary)
            .WithDescription(
                "Query: session, credential and tool in or with which it wants to act; wait: with If-None-Match, seconds (at most 60) to wait for a change. With Accept: text/event-stream every change as an event. "
                + "Denied from the moment the order is in the journal, before it is delivered. is_current false: the journal could not be read to its end of late.")
            .Produces<DecisionView>();
    }

    private static void AddAuthentication(IServiceCollection services, ApiOptions api)
    {
        if (!api.HasAuthentication)
        {
            services.AddAuthentication(LocalAuthentication.Scheme).AddScheme<AuthenticationSchemeOptions, LocalAuthentication>(LocalAuthentication.Scheme, null);
            return;
        }

        var authentication = services.AddAuthentication(Selector).AddPolicyScheme(Selector, null, selector => selector.ForwardDefaultSelector = context =>
            !api.Oidc.IsOn || (api.TokenFile is { Length: > 0 } && TokenAuthentication.SecretIn(context.Request)?.StartsWith(ApiToken.Prefix, StringComparison.Ordinal) == true)
                ? TokenAuthentication.Scheme
                : Oidc);
        if (api.TokenFile is { Length: > 0 } file)
        {
            services.AddSingleton(p => new ApiTokens(file, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<ApiTokens>>()));
            authentication.AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.Scheme, null);
        }

        if (api.Oidc.IsOn)
        {
            authentication.AddJwtBearer(Oidc, jwt => OidcAuthentication.Configure(jwt, api.Oidc));
        }
    }

    /// <summary>What belongs to the API is not there by the address of health, and the other way round everything that is not marked is the API's.</summary>
    private static Task HideFromOthersAsync(HttpContext context, RequestDelegate next)
    {
        if (ApiListener.IsByApi(context) || context.GetEndpoint()?.Metadata.GetMetadata<OnEveryAddress>() is not null)
        {
            return next(context);
        }

        context.SetEndpoint(null);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task NoteAsync(HttpContext context, RequestDelegate next) =>
        context.GetEndpoint()?.Metadata is { } metadata && (metadata.GetMetadata<Frequent>() ?? (object?)metadata.GetMetadata<OnEveryAddress>()) is not null
            ? next(context)
            : context.RequestServices.GetRequiredService<AccessLog>().NoteAsync(context, next);

    /// <summary>Asked so often that the access log leaves it out.</summary>
    private sealed class Frequent
    {
        public static readonly Frequent Instance = new();
    }
}
