using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace ServiceDefaults;

/// <summary>Builds a service's logger: console and one rolling file, behind a background writer.</summary>
internal static class ServiceLog
{
    private const int KeptFiles = 10;

    private static readonly string[] Frameworks = ["Microsoft", "System", "MassTransit", "Hangfire", "Yarp"];

    public static Logger Create(IConfiguration configuration, ServiceIdentity service)
    {
        var formatter = new LineFormatter();
        var target = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.Console(formatter)
            .WriteTo.File(
                formatter,
                FileOf(configuration, service),
                fileSizeLimitBytes: Settings.LogsMaxBytes.Read(configuration),
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: KeptFiles
            )
            .CreateLogger();
        var log = new LoggerConfiguration().MinimumLevel.Is(Level(Settings.LogsLevel.Read(configuration)));
        var frameworkLevel = Level(Settings.LogsFrameworkLevel.Read(configuration));
        foreach (var framework in Frameworks)
            log.MinimumLevel.Override(framework, frameworkLevel);
        return log
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            // It reports what the health routes were asked, again and again; the routes' readers know already.
            .MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal)
            // A failed statement comes to whoever asked for it, who says so; here it would be said again in fifty lines.
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database", LogEventLevel.Fatal)
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Query", LogEventLevel.Fatal)
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Update", LogEventLevel.Fatal)
            // The gateway says itself which service was not reached, without the fifty lines of where in the framework that was noticed.
            .MinimumLevel.Override("Yarp.ReverseProxy.Forwarder", LogEventLevel.Fatal)
            .Enrich.FromLogContext()
            .WriteTo.Sink(new BackgroundSink(target))
            .CreateLogger();
    }

    private static string FileOf(IConfiguration configuration, ServiceIdentity service) =>
        Settings.LogsFile.Read(configuration)
        ?? Path.Combine(
            Settings.LogsFolder.Read(configuration),
            $"{(Settings.Systems.Read(configuration).RealEstate ? "" : "app_")}{service.LogName}.log"
        );

    private static LogEventLevel Level(string name) => Enum.Parse<LogEventLevel>(name);
}
