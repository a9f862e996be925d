using ServiceDefaults;
using Web.Gateway;
using Web.Live;
using Web.Pages;

namespace Web;

/// <summary>The one address for everything: passes requests on to the services and serves the dashboard.</summary>
internal static class WebService
{
    public static WebApplication Build(string[] args) => Build(ServiceHost.CreateBuilder(args));

    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults(ServiceIdentity.Web);
        builder.AddGateway();
        builder.AddServicePorts();
        builder.AddLiveFigures();
        builder.AddPages();

        var app = builder.Build();
        app.UseServicePorts();
        app.MapDefaultEndpoints();
        app.MapGateway();
        app.MapLiveFigures();
        app.MapPages();
        return app;
    }
}
