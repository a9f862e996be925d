using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace ServiceDefaults;

/// <summary>The OpenAPI document and the page that shows it.</summary>
internal static class ApiDocument
{
    // The framework's default name, under which a document's path needs no parameter.
    private const string Name = "v1";

    public static void AddApiDocument(this IServiceCollection services, ServiceIdentity service) =>
        services.AddOpenApi(
            Name,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.AddDocumentTransformer(
                    (document, context, _) =>
                    {
                        document.Info = new OpenApiInfo
                        {
                            Title = char.ToUpperInvariant(service.Name[0]) + service.Name[1..],
                            Version = "1",
                        };
                        // Relative, so that the page works on the service's own port and through the gateway alike.
                        document.Servers =
                        [
                            new OpenApiServer
                            {
                                Url = service.BasePathOf(context.ApplicationServices.GetRequiredService<EnabledSystems>()),
                            },
                        ];
                        return Task.CompletedTask;
                    }
                );
            }
        );

    public static void MapApiDocument(this IEndpointRouteBuilder routes, ServiceIdentity service)
    {
        routes.MapOpenApi("/openapi.json").AcceptsAnyQuery().DisableHttpMetrics();
        routes
            .MapScalarApiReference(
                "/ui",
                options =>
                    options
                        .WithTitle($"{service.Name} API")
                        // Found from the page's own address, whichever path form it was opened by.
                        .WithOpenApiRoutePattern("/openapi.json")
                        // The page must work without the internet, and says nothing to anybody outside.
                        .DisableDefaultFonts()
                        .DisableTelemetry()
                        .DisableAgent()
                        .DisableMcp()
                        .HideDeveloperTools()
                        .HideClientButton()
            )
            .AcceptsAnyQuery()
            .DisableHttpMetrics();
    }
}
