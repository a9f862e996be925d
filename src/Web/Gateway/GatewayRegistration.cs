using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServiceDefaults;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Web.Gateway;

/// <summary>The gateway: each service under its prefix, the path unchanged.</summary>
internal static class GatewayRegistration
{
    private const string FirstJobs = "/processing/hangfire";

    public static void AddGateway(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        builder.Services.TryAddSingleton<IUpstreamNames, SystemNames>();
        builder.Services.AddSingleton<UpstreamConnections>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory>(services => services.GetRequiredService<UpstreamConnections>());
        builder
            .Services.AddReverseProxy()
            .LoadFromMemory(
                [.. Upstream.All.SelectMany(upstream => Routes(upstream, Settings.Systems.Read(settings)))],
                [.. Upstream.All.Select(upstream => Cluster(upstream, settings))]
            );
        // How large a body may be is for the service to say that takes it.
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddHealthChecks().AddCheck<UpstreamsCheck>("services", tags: [ServiceHealth.Ready]);
    }

    public static void MapGateway(this WebApplication app)
    {
        app.MapReverseProxy(proxy =>
            {
                proxy.UseMiddleware<ClosedRoutes>();
                proxy.UseMiddleware<UpstreamTrouble>();
                proxy.UseMiddleware<EndlessReplies>();
                proxy.UseLoadBalancing();
            })
            .AcceptsAnyQuery();
        app.MapGet("/hangfire/{**rest}", (string? rest) => Results.Redirect($"{FirstJobs}/{rest}".TrimEnd('/')))
            .AcceptsAnyQuery()
            .ExcludeFromDescription();
    }

    private static IEnumerable<RouteConfig> Routes(Upstream upstream, EnabledSystems systems)
    {
        yield return Route(upstream, upstream.Prefix);
        if (systems.Runify && upstream.RunifyPrefix is { } second)
            yield return Route(upstream, second);
    }

    private static RouteConfig Route(Upstream upstream, string prefix) =>
        new()
        {
            RouteId = prefix,
            ClusterId = upstream.Prefix,
            Match = new RouteMatch { Path = $"/{prefix}/{{**rest}}" },
        };

    private static ClusterConfig Cluster(Upstream upstream, IConfiguration settings) =>
        new()
        {
            ClusterId = upstream.Prefix,
            Destinations = new Dictionary<string, DestinationConfig>
            {
                [upstream.Prefix] = new() { Address = upstream.Address(settings).AbsoluteUri },
            },
            HttpRequest = new ForwarderRequestConfig
            {
                ActivityTimeout = Settings.GatewayReplyTimeout.Read(settings),
                Version = System.Net.HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                AllowResponseBuffering = false,
            },
        };

    /// <summary>Keeps what is not for outside from being passed on.</summary>
    private sealed class ClosedRoutes(RequestDelegate next)
    {
        public Task InvokeAsync(HttpContext context)
        {
            var (method, path) = (context.Request.Method, $"{context.Request.PathBase}{context.Request.Path}");
            return ClosedPaths.Refuse(method, path) switch
            {
                null => next(context),
                StatusCodes.Status403Forbidden => Replies
                    .Problem(
                        StatusCodes.Status403Forbidden,
                        $"{method} is not possible at {path} from outside: events come in at /receiver."
                    )
                    .ExecuteAsync(context),
                var status => Replies.Problem(status.Value, $"There is nothing at {path}.").ExecuteAsync(context),
            };
        }
    }

    /// <summary>Ends streams when the gateway stops: they have no end of their own, and an orderly stop would wait for one.</summary>
    private sealed class EndlessReplies(RequestDelegate next, IHostApplicationLifetime lifetime)
    {
        public async Task InvokeAsync(HttpContext context)
        {
            using var stopping = lifetime.ApplicationStopping.Register(() =>
            {
                if (context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true)
                    context.Abort();
            });
            await next(context);
        }
    }
}
