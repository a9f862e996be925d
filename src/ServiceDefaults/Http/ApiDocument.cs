using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace ServiceDefaults;

/// <summary>The OpenAPI document of each listener, and the page that shows it.</summary>
internal static class ApiDocument
{
    private const OpenApiSpecVersion Version = OpenApiSpecVersion.OpenApi3_1;

    public static void AddApiDocument(this IServiceCollection services, ServiceIdentity service)
    {
        foreach (var listener in service.Listeners)
            services.AddOpenApi(listener.Name, options => Describe(options, service, listener));
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes, ServiceIdentity service)
    {
        routes.MapGet("/openapi.json", Document).AcceptsAnyQuery().DisableHttpMetrics().ExcludeFromDescription();
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

    private static void Describe(OpenApiOptions options, ServiceIdentity service, ServiceListener listener)
    {
        options.OpenApiVersion = Version;
        options.ShouldInclude = route =>
            route
                .ActionDescriptor.EndpointMetadata.OfType<ListenerRouting.OnListenerMetadata>()
                .All(only => only.Listener == listener.Name);
        options.AddDocumentTransformer(
            (document, context, _) =>
            {
                document.Info = new OpenApiInfo { Title = char.ToUpperInvariant(service.Name[0]) + service.Name[1..], Version = "1" };
                var systems = context.ApplicationServices.GetRequiredService<EnabledSystems>();
                var basePath = listener.Name == ServiceListener.Main ? service.BasePathOf(systems) : listener.BasePath;
                // Relative, so that the page works on the service's own port and through the gateway alike.
                document.Servers = [new OpenApiServer { Url = basePath }];
                return Task.CompletedTask;
            }
        );
    }

    private static async Task<IResult> Document(HttpContext context, ServiceIdentity service, CancellationToken cancellationToken)
    {
        var name = ListenerFeature.Of(context, service).Name;
        var documents = context.RequestServices.GetRequiredKeyedService<IOpenApiDocumentProvider>(name);
        var document = await documents.GetOpenApiDocumentAsync(cancellationToken);
        return Results.Text(await document.SerializeAsJsonAsync(Version, cancellationToken), "application/json", Encoding.UTF8);
    }
}
