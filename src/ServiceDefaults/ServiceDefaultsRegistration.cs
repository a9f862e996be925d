using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Serilog;

namespace ServiceDefaults;

/// <summary>What every service has alike.</summary>
public static class ServiceDefaultsRegistration
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    private static readonly string[] ExposedHeaders = ["X-Trace-Id", Paging.NextAfterHeader, "X-Complete-Until", "Retry-After"];

    /// <summary>
    /// Adds what every service has alike: checked settings, logs, metrics, health, listeners, cross-origin rules, the API document and an
    /// orderly stop within 10 s. <see cref="MapDefaultEndpoints"/> is its other half.
    /// </summary>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, ServiceIdentity service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(service);
        Settings.Check(builder.Configuration);

        builder.Services.AddSingleton(service);
        builder.Services.AddSingleton(Settings.Systems.Read(builder.Configuration));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddLogs(service);
        builder.AddListeners(service);
        builder.AddMetrics(service);
        builder.Services.AddServiceHealth();
        builder.Services.AddApiDocument(service);
        builder.Services.AddSingleton<MatcherPolicy>(new ListenerRouting.Policy(service));
        builder.Services.AddSingleton<MatcherPolicy, BasePathRouting.Policy>();
        // A parameter that cannot be read must reach ProblemMiddleware, which names it.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        if (Settings.CorsAllowAll.Read(builder.Configuration))
        {
            builder.Services.AddCors(cors =>
                cors.AddDefaultPolicy(policy =>
                    policy.AllowAnyOrigin().AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(ExposedHeaders)
                )
            );
        }
        if (Settings.ExitWithParent.Read(builder.Configuration))
            builder.Services.AddHostedService<ParentWatch>();
        return builder;
    }

    /// <summary>
    /// Adds the middleware of every service (both path forms, problem documents, unknown query parameters, content types) and its own
    /// routes: <c>/health</c>, <c>/health/live</c>, <c>/health/ready</c>, <c>/metrics</c>, <c>/openapi.json</c> and <c>/ui/</c>. Call it before mapping routes.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var service = app.Services.GetRequiredService<ServiceIdentity>();
        app.UseMiddleware<BasePathMiddleware>(service);
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        if (Settings.CorsAllowAll.Read(app.Configuration))
            app.UseCors();
        app.UseMiddleware<QueryParameters.Middleware>();
        app.UseMiddleware<BodyContentType.Middleware>();

        app.MapServiceHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").AcceptsAnyQuery().DisableHttpMetrics();
        app.MapApiDocument(service);
        foreach (var name in Settings.Unknown(app.Configuration))
            app.Logger.UnknownSetting(name);
        foreach (var (file, keys) in OriginalFiles.Unknown(app.Configuration))
            app.Logger.UnknownKeys(file, string.Join(", ", keys));
        if (Settings.TargetEnv.Read(app.Configuration) == "test")
        {
            foreach (var file in OriginalFiles.FilesOf(app.Configuration).Where(file => !File.Exists(file.Path)))
                app.Logger.NoFile(file.Path);
        }
        return app;
    }

    private static void AddLogs(this WebApplicationBuilder builder, ServiceIdentity service)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSerilog(ServiceLog.Create(builder.Configuration, service), dispose: true);
    }

    private static void AddListeners(this WebApplicationBuilder builder, ServiceIdentity service)
    {
        // The container images of the runtime set this; the listeners below say where to listen.
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "").UseSetting(WebHostDefaults.ServerUrlsKey, "");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var listener in service.Listeners)
            {
                if (listener.ReadPort(builder.Configuration) is { } port)
                    kestrel.ListenOn(builder.Configuration, port, new ListenerFeature(listener));
            }
        });
    }

    private static void AddMetrics(this WebApplicationBuilder builder, ServiceIdentity service) =>
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service.Name))
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter("MassTransit", "MassTransit.Kafka", "KafkaMySql", service.Name)
                    .AddPrometheusExporter()
            );
}
