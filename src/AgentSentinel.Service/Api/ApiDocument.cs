using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace AgentSentinel.Service.Api;

/// <summary>The API described: a document (OpenAPI 3.1) and a page that shows it. Both are the same for everybody and ask for nothing from elsewhere.</summary>
internal static class ApiDocument
{
    public const string DocumentPath = "/v1/openapi.json";
    public const string PagePath = "/v1/docs";

    private const string SchemeName = "bearer";

    public static void AddTo(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "AgentSentinel",
                Version = "v1",
                Description = "What AI agents do, what is odd about it, and what is done against it. Ids and texts quote telemetry: show them as text, whatever they contain.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SchemeName, document)] = [] }];
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(Describe);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is var inner && (inner ?? context.JsonTypeInfo.Type) is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Word<>))
            {
                (schema.Type, schema.Properties) = (JsonSchemaType.String, null);
                schema.Enum = [.. Enum.GetNames(type.GenericTypeArguments[0]).Select(name => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(name))];
            }

            return Task.CompletedTask;
        });
    });

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/{documentName}/openapi.json").AllowAnonymous().DisableRateLimiting();
        app.MapScalarApiReference(PagePath, (options, context) =>
        {
            options.Nonce = ApiHeaders.AllowScript(context);
            options.Title = "AgentSentinel API";
            options.OpenApiRoutePattern = "/{documentName}/openapi.json";
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.DocumentDownloadType = DocumentDownloadType.Json;

            // What leads to its maker's services.
            options.HideDeveloperTools().DisableAgent().DisableMcp();
            options.HideClientButton = true;
        }).AllowAnonymous().DisableRateLimiting();
    }

    /// <summary>Adds what the framework cannot see: ids that are read from the raw path, and the role that is needed.</summary>
    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters ??= [];
        foreach (var parameter in RoutePatternOf(context))
        {
            if (!operation.Parameters.Any(p => p.Name == parameter && p.In == ParameterLocation.Path))
            {
                operation.Parameters.Insert(0, new OpenApiParameter
                {
                    Name = parameter,
                    In = ParameterLocation.Path,
                    Required = true,
                    Description = "Percent-encoded, a slash as %2F.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }
        }

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy is { } role)
        {
            operation.Description = string.Create(CultureInfo.InvariantCulture, $"{operation.Description} Needs the role {role.ToLowerInvariant()}.").TrimStart();
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<string> RoutePatternOf(OpenApiOperationTransformerContext context) =>
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse(context.Description.RelativePath ?? "").Parameters.Select(p => p.Name);
}
