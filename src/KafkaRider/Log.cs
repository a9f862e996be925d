using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration;

internal static partial class Log
{
    // Starting and stopping, 1000-1099
    [LoggerMessage(
        1000,
        LogLevel.Warning,
        "The bus is up, but these topic endpoints still wait for Kafka at {Servers}: {Endpoints}. They join by themselves when it answers"
    )]
    public static partial void StartedWithoutKafka(this ILogger logger, string servers, string endpoints);

    [LoggerMessage(1001, LogLevel.Warning, "{Endpoint} waits: {Reason}")]
    public static partial void EndpointWaits(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(1002, LogLevel.Information, "{Endpoint} is consuming")]
    public static partial void EndpointConsumes(this ILogger logger, string endpoint);

    [LoggerMessage(1003, LogLevel.Error, "{Endpoint} failed and starts again in {Delay}")]
    public static partial void EndpointRestarts(this ILogger logger, Exception exception, string endpoint, TimeSpan delay);

    [LoggerMessage(1004, LogLevel.Information, "Created topic {Topic} with {Partitions} partitions and {Replicas} replicas")]
    public static partial void TopicCreated(this ILogger logger, string topic, int partitions, int replicas);

    [LoggerMessage(1005, LogLevel.Warning, "{Endpoint}: creating topic {Topic} failed: {Reason}")]
    public static partial void TopicNotCreated(this ILogger logger, string endpoint, string topic, string reason);

    [LoggerMessage(1006, LogLevel.Critical, "{Endpoint} cannot start: its settings are wrong")]
    public static partial void EndpointRefused(this ILogger logger, Exception exception, string endpoint);

    // Partitions, 1100-1199
    [LoggerMessage(1100, LogLevel.Information, "{Endpoint}: assigned {Partitions}")]
    public static partial void Assigned(this ILogger logger, string endpoint, string partitions);

    [LoggerMessage(1101, LogLevel.Information, "{Endpoint}: revoked {Partitions}")]
    public static partial void Revoked(this ILogger logger, string endpoint, string partitions);

    [LoggerMessage(1102, LogLevel.Warning, "{Endpoint}: lost {Partitions}")]
    public static partial void Lost(this ILogger logger, string endpoint, string partitions);

    [LoggerMessage(
        1103,
        LogLevel.Warning,
        "{Endpoint}: {Topic}[{Partition}] was not drained within {Timeout}; its handlers were cancelled"
    )]
    public static partial void NotDrained(this ILogger logger, string endpoint, string topic, int partition, TimeSpan timeout);

    [LoggerMessage(
        1104,
        LogLevel.Warning,
        "{Endpoint}: the observer could not say where {Topic}[{Partition}] starts; it is asked again until it can"
    )]
    public static partial void StartOffsetUnknown(this ILogger logger, Exception exception, string endpoint, string topic, int partition);

    [LoggerMessage(1105, LogLevel.Information, "{Endpoint}: {Topic}[{Partition}] starts at {Offset}")]
    public static partial void StartsAt(this ILogger logger, string endpoint, string topic, int partition, long offset);

    [LoggerMessage(1106, LogLevel.Error, "{Endpoint}: the observer failed at {Event} of {Topic}[{Partition}]")]
    public static partial void ObserverFailed(
        this ILogger logger,
        Exception exception,
        string endpoint,
        string @event,
        string topic,
        int partition
    );

    [LoggerMessage(1107, LogLevel.Warning, "{Endpoint}: storing an offset of {Topic}[{Partition}] failed: {Reason}")]
    public static partial void OffsetNotStored(this ILogger logger, string endpoint, string topic, int partition, string reason);

    // Failures of messages, 1200-1299
    [LoggerMessage(1200, LogLevel.Error, "{Endpoint}: discarded {Topic}[{Partition}]@{Offset}")]
    public static partial void Discarded(
        this ILogger logger,
        Exception exception,
        string endpoint,
        string topic,
        int partition,
        long offset
    );

    [LoggerMessage(1201, LogLevel.Error, "{Endpoint}: moved {Topic}[{Partition}]@{Offset} to {ErrorTopic}")]
    public static partial void Moved(
        this ILogger logger,
        Exception exception,
        string endpoint,
        string topic,
        int partition,
        long offset,
        string errorTopic
    );

    [LoggerMessage(1202, LogLevel.Error, "{Endpoint}: holds {Topic}[{Partition}]@{Offset}; tried again until it succeeds")]
    public static partial void Held(this ILogger logger, Exception exception, string endpoint, string topic, int partition, long offset);

    [LoggerMessage(
        1203,
        LogLevel.Information,
        "{Endpoint}: {Topic}[{Partition}]@{Offset} succeeded after {Attempts} tries; the partition goes on"
    )]
    public static partial void HoldEnded(this ILogger logger, string endpoint, string topic, int partition, long offset, int attempts);

    [LoggerMessage(
        1204,
        LogLevel.Error,
        "{Endpoint}: the error topic {ErrorTopic} did not take {Topic}[{Partition}]@{Offset}; tried again until it does"
    )]
    public static partial void ErrorTopicDown(
        this ILogger logger,
        Exception exception,
        string endpoint,
        string errorTopic,
        string topic,
        int partition,
        long offset
    );

    // Clients, 1300-1399
    [LoggerMessage(1300, LogLevel.Warning, "Producer: no broker of {Servers} can be reached: {Reason}")]
    public static partial void ProducerDown(this ILogger logger, string servers, string reason);

    [LoggerMessage(1301, LogLevel.Information, "Producer: {Servers} can be reached again")]
    public static partial void ProducerUp(this ILogger logger, string servers);

    [LoggerMessage(1302, LogLevel.Error, "Producer: fatal error at {Servers}, a new client is made: {Reason}")]
    public static partial void ProducerFatal(this ILogger logger, string servers, string reason);

    [LoggerMessage(1303, LogLevel.Error, "Producer: {Count} records were not delivered to {Servers} before the stop")]
    public static partial void RecordsLeftBehind(this ILogger logger, int count, string servers);

    [LoggerMessage(1304, LogLevel.Warning, "{Endpoint}: no broker of {Servers} can be reached: {Reason}")]
    public static partial void ConsumerDown(this ILogger logger, string endpoint, string servers, string reason);

    [LoggerMessage(1305, LogLevel.Information, "{Endpoint}: {Servers} can be reached again")]
    public static partial void ConsumerUp(this ILogger logger, string endpoint, string servers);

    [LoggerMessage(1306, LogLevel.Debug, "{Endpoint}: {Reason}")]
    public static partial void TransientError(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(1310, LogLevel.Debug, "librdkafka {Name} {Facility}: {Text}")]
    private static partial void NativeMessage(this ILogger logger, string name, string facility, string text);

    // The states worth an operator's eye are logged by us, once per change; the native log repeats them every second.
    public static void Native(this ILogger logger, LogMessage message) =>
        logger.NativeMessage(message.Name, message.Facility, message.Message);
}
