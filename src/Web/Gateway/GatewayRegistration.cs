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
            HttpRequest = Request(settings),
        };

    /// <summary>How requests are passed on: unbuffered, and with a limit to how long a service may be silent.</summary>
    internal static ForwarderRequestConfig Request(IConfiguration settings) =>
        new()
        {
            ActivityTimeout = Settings.GatewayReplyTimeout.Read(settings),
            Version = System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            AllowResponseBuffering = false,
        };
}
