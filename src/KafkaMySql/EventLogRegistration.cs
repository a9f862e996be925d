using System.ComponentModel.DataAnnotations;
using MassTransit;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ValidationResult = System.ComponentModel.DataAnnotations.ValidationResult;

namespace KafkaMySql;

/// <summary>Registers the event log and puts it behind a rider's producers.</summary>
public static class EventLogRegistration
{
    /// <summary>
    /// Adds the event log (<see cref="IEventLog"/>), trace ids (<see cref="ITraceIdSource"/>), the relay to Kafka (<see cref="IRelayNudge"/>),
    /// the archive (<see cref="IEventLogArchive"/>) and their state (<see cref="EventLogState"/>). Settings come from
    /// <paramref name="configure"/>, or without it from section <see cref="OutboxOptions.Section"/>. Everything starts without database and
    /// broker and recovers by itself; only settings that do not fit a reachable database stop the start.
    /// </summary>
    public static IServiceCollection AddMySqlEventLog(this IServiceCollection services, Action<OutboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<OutboxOptions>();
        // Not both: a list that is bound and configured would have every entry twice.
        if (configure is null)
            options.Configure<IConfiguration>((settings, configuration) => configuration.GetSection(OutboxOptions.Section).Bind(settings));
        else
            options.Configure(configure);
        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<OutboxOptions>, OutboxOptionsValidator>();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EventLogMetrics>();
        services.AddSingleton<EventLogDatabase>();
        services.AddSingleton<LogRows>();
        services.AddSingleton<Backlog>();
        services.AddSingleton<Node>();
        services.AddSingleton<ITraceIdSource, TraceIdSource>();
        services.AddSingleton<RelayProducer>();
        services.AddSingleton<Nudges>();
        services.AddSingleton<Relay>();
        services.AddSingleton<ICommittedRows>(provider => provider.GetRequiredService<Relay>());
        services.AddSingleton<IRelayNudge>(provider => provider.GetRequiredService<Relay>());
        services.AddSingleton<LogCleanup>();
        services.AddSingleton<NodeService>();
        services.AddSingleton<ReaderPoller>();
        services.AddSingleton<EventLogWriter>();
        services.AddSingleton<IEventLog, EventLog>();
        services.AddSingleton<IEventLogArchive, EventLogArchive>();
        services.AddSingleton(provider => new EventLogState(
            provider.GetRequiredService<EventLogWriter>(),
            provider.GetRequiredService<NodeService>(),
            provider.GetRequiredService<Node>(),
            provider.GetRequiredService<Relay>(),
            provider.GetRequiredService<RelayProducer>(),
            provider.GetRequiredService<ReaderPoller>(),
            provider.GetRequiredService<EventLogDatabase>(),
            provider.GetRequiredService<Backlog>(),
            provider.GetRequiredService<IOptions<OutboxOptions>>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<BacklogCounter>();

        // Stopped in the opposite order: the writer commits what waits, then the relay sends it and gives its partitions back.
        services.AddHostedService(provider => provider.GetRequiredService<NodeService>());
        services.AddHostedService(provider => provider.GetRequiredService<ReaderPoller>());
        services.AddHostedService(provider => provider.GetRequiredService<BacklogCounter>());
        services.AddHostedService(provider => provider.GetRequiredService<EventLogWriter>());
        return services;
    }

    /// <summary>
    /// Sends what the rider's producers produce through the event log: <c>Produce</c> completes when the event is committed in MySQL. Needs
    /// <see cref="AddMySqlEventLog"/> and <see cref="OutboxOptions.Describe"/>. A caller that wants the receipt, or has an idempotency key,
    /// puts an <see cref="OutboxReceipt"/> on the send context.
    /// </summary>
    public static void UseMySqlOutbox(this IKafkaFactoryConfigurator kafka)
    {
        ArgumentNullException.ThrowIfNull(kafka);
        kafka.UseOutbox(context => new MySqlOutbox(
            context.GetRequiredService<IEventLog>(),
            context.GetRequiredService<IOptions<OutboxOptions>>()
        ));
    }

    private sealed class OutboxOptionsValidator : IValidateOptions<OutboxOptions>
    {
        public ValidateOptionsResult Validate(string? name, OutboxOptions options)
        {
            var results = new List<ValidationResult>();
            return Validator.TryValidateObject(options, new ValidationContext(options), results, true)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(results.Select(result => $"{OutboxOptions.Section}: {result.ErrorMessage}"));
        }
    }
}
