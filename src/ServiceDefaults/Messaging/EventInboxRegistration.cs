using KafkaMySql;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ServiceDefaults;

/// <summary>Reading the topic of events into a service's own tables.</summary>
public static class EventInboxRegistration
{
    /// <summary>
    /// Adds a reader of the topic: every event of the log comes to <paramref name="tables"/> exactly once and in order. The readiness of the
    /// service names <c>kafka</c>, its health also <c>inbox</c>.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="database">Where tables and progress are.</param>
    /// <param name="consumer">The reader's name, under which its progress is kept.</param>
    /// <param name="group">Its Kafka consumer group.</param>
    /// <param name="tables">Sets decoder and tables.</param>
    public static void AddEventInbox(
        this WebApplicationBuilder builder,
        ServiceDatabase database,
        string consumer,
        string group,
        Action<InboxOptions> tables
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(tables);
        var settings = builder.Configuration;
        var address = KafkaAddress.Read(settings);
        builder.Services.AddSingleton(address);
        builder.Services.AddMySqlInbox(options =>
        {
            options.ConnectionString = database.ConnectionString;
            options.Consumer = consumer;
            options.Group = group;
            options.Topic = address.Topic;
            options.Partitions = address.Partitions;
            options.GroupProtocol = GroupProtocolProbe.Choose(address);
            options.Log = Settings.InboxLog.Read(settings);
            options.BatchSize = Settings.InboxBatchSize.Read(settings);
            options.BatchBytes = Settings.InboxBatchBytes.Read(settings);
            options.MaxDeadLettersPerMinute = Settings.InboxMaxDeadLettersPerMinute.Read(settings);
            options.MaxForeignRawPerDay = Settings.InboxMaxForeignRawPerDay.Read(settings);
            tables(options);
        });
        builder.Services.AddSingleton<IDatabaseSchema, InboxTables>();
        builder.Services.AddSingleton(provider => new CatchUp(
            database,
            provider.GetRequiredService<InboxWriter>(),
            address,
            consumer,
            provider.GetRequiredService<TimeProvider>()
        ));
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(health => health.Name = "kafka");
            // Nothing is sent over it; a rider needs a bus to ride on.
            bus.UsingInMemory();
            bus.AddRider(rider =>
                rider.UsingKafka(
                    (context, kafka) =>
                    {
                        kafka.Host(address.BootstrapServers);
                        kafka.MySqlInbox(
                            context,
                            endpoint => endpoint.ConfigureFetch(fetch => fetch.WaitMaxInterval = Settings.KafkaFetchWait.Read(settings))
                        );
                    }
                )
            );
        });
    }

    /// <summary>Maps <c>GET /progress</c>: how far the reader has come in every partition, which is what the relay asks for.</summary>
    public static void MapInboxProgress(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/progress",
                async (IInboxProgress progress, CancellationToken cancellationToken) =>
                    Results.Bytes(ReaderProgressJson.Write(await progress.ReadAsync(cancellationToken)), ReaderProgressJson.ContentType)
            )
            .WithTags("Operation")
            .WithSummary("How far the reader of the topic has come in every partition")
            .Produces<object>(StatusCodes.Status200OK, ReaderProgressJson.ContentType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .DisableHttpMetrics();
}
