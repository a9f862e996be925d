using ServiceDefaults;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Web.Gateway;

/// <summary>
/// A port of the gateway that stands for one of a service, for clients that know the service's own port: compose publishes these, since
/// a service with several replicas has no port of its own on the host. What counts is the port of the connection, whatever <c>Host</c> says.
/// </summary>
internal sealed record UpstreamPort(int Port, Upstream Upstream, string Destination)
{
    /// <summary>The port the request came in at; null at the gateway's own.</summary>
    public static UpstreamPort? Of(HttpContext context) => context.Features.Get<UpstreamPort>();

    /// <summary>The service that the request is for.</summary>
    public static string ServiceOf(HttpContext context) =>
        Of(context)?.Upstream.Prefix ?? context.GetReverseProxyFeature().Route.Config.RouteId;
}

internal static class UpstreamPortRegistration
{
    public static void AddServicePorts(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        var ports = Settings.GatewayServicePorts.Read(settings).Select(port => Find(port, settings)).ToList();
        if (ports.Count == 0)
            return;
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var port in ports)
                kestrel.ListenOn(settings, port.Port, port);
        });
    }

    /// <summary>Passes on what comes in at a service's port, before anything of the gateway's own is looked at.</summary>
    public static void UseServicePorts(this WebApplication app)
    {
        if (Settings.GatewayServicePorts.Read(app.Configuration).Count == 0)
            return;
        app.MapWhen(
            context => UpstreamPort.Of(context) is not null,
            branch =>
            {
                branch.UseMiddleware<ClosedRoutes>();
                branch.UseMiddleware<UpstreamTrouble>();
                branch.UseMiddleware<EndlessReplies>();
                branch.UseMiddleware<Forwarding>();
            }
        );
    }

    private static UpstreamPort Find(ServicePort port, IConfiguration settings)
    {
        var upstream = Upstream.All.Single(upstream => upstream.Prefix == port.Service);
        var address = new UriBuilder(upstream.Address(settings));
        address.Port = port.Target ?? address.Port;
        return new UpstreamPort(port.Port, upstream, address.Uri.AbsoluteUri);
    }

    private sealed class Forwarding(
        RequestDelegate next,
        IHttpForwarder forwarder,
        UpstreamConnections connections,
        IConfiguration settings
    )
    {
        private readonly ForwarderRequestConfig _request = GatewayRegistration.Request(settings);

        public async Task InvokeAsync(HttpContext context)
        {
            if (UpstreamPort.Of(context) is { } port)
                await forwarder.SendAsync(context, port.Destination, connections.Shared, _request, HttpTransformer.Default);
            else
                await next(context);
        }
    }
}
