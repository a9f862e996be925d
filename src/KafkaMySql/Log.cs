using Microsoft.Extensions.Logging;

namespace KafkaMySql;

/// <summary>Messages of the event log (2000-2099) and the relay (2100-2199).</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "The database connection of {Name} is down: {Reason}. It is tried again until it is back")]
    public static partial void ConnectionDown(this ILogger logger, string name, string reason);

    [LoggerMessage(2001, LogLevel.Information, "The database connection of {Name} is back after {Seconds:F1} s")]
    public static partial void ConnectionUp(this ILogger logger, string name, double seconds);

    [LoggerMessage(2002, LogLevel.Debug, "The given-up connection of {Name} did not close cleanly")]
    public static partial void ConnectionCloseFailed(this ILogger logger, string name, Exception failure);

    [LoggerMessage(2010, LogLevel.Warning, "The event log starts without its database: {Reason}. Events are refused until it is there")]
    public static partial void StartedWithoutDatabase(this ILogger logger, string reason);

    [LoggerMessage(
        2011,
        LogLevel.Warning,
        "The connection ended during the commit of {Events} events ({Reason}); the database is asked what became of it"
    )]
    public static partial void CommitInDoubt(this ILogger logger, int events, string reason);

    [LoggerMessage(2012, LogLevel.Error, "Events are not stored: {Reason}")]
    public static partial void AppendsFail(this ILogger logger, string reason);

    [LoggerMessage(2013, LogLevel.Information, "Events are stored again")]
    public static partial void AppendingAgain(this ILogger logger);

    [LoggerMessage(2014, LogLevel.Warning, "{Warning}")]
    public static partial void NotDurable(this ILogger logger, string warning);

    [LoggerMessage(2100, LogLevel.Warning, "The relay to topic {Topic} waits: {Reason}. Accepted events stay in the log")]
    public static partial void RelayWaits(this ILogger logger, string topic, string reason);

    [LoggerMessage(2101, LogLevel.Information, "The relay to topic {Topic} goes on")]
    public static partial void RelayingAgain(this ILogger logger, string topic);

    [LoggerMessage(2102, LogLevel.Warning, "The relay of partition {Partition} waits: {Reason}")]
    public static partial void PartitionRelayWaits(this ILogger logger, int partition, string reason);

    [LoggerMessage(2103, LogLevel.Information, "The relay of partition {Partition} goes on")]
    public static partial void PartitionRelayRecovered(this ILogger logger, int partition);

    [LoggerMessage(
        2104,
        LogLevel.Warning,
        "The relay of partition {Partition} goes back for reader {Reader}, which stands at {Last}: it sends again from {Position} on (rows lost to cleanup: {Expired})"
    )]
    public static partial void RelayGoesBack(this ILogger logger, int partition, string reader, ulong last, ulong position, bool expired);

    [LoggerMessage(2105, LogLevel.Information, "This node relays partition {Partition} from {Sent} on (before: {Former})")]
    public static partial void PartitionTaken(this ILogger logger, int partition, ulong sent, string? former);

    [LoggerMessage(2106, LogLevel.Information, "This node gave partition {Partition} up to another")]
    public static partial void PartitionGivenUp(this ILogger logger, int partition);

    [LoggerMessage(
        2107,
        LogLevel.Warning,
        "A reader of partition {Partition} stands at {Last}, ahead of the log at {Head}: the log was restored or reset. Its numbers go on above the reader's"
    )]
    public static partial void ReaderAhead(this ILogger logger, int partition, ulong last, ulong head);

    [LoggerMessage(
        2108,
        LogLevel.Warning,
        "The node's heartbeat fails: {Reason}. Until it is back no trace ids are given and nothing is relayed"
    )]
    public static partial void HeartbeatFails(this ILogger logger, string reason);

    [LoggerMessage(2109, LogLevel.Information, "The node's heartbeat is back")]
    public static partial void HeartbeatAgain(this ILogger logger);

    [LoggerMessage(2110, LogLevel.Warning, "The node could not give its partitions back: {Reason}")]
    public static partial void ReleaseFailed(this ILogger logger, string reason);

    [LoggerMessage(2111, LogLevel.Warning, "Reader {Reader} does not say how far it is: {Reason}")]
    public static partial void ReaderSilent(this ILogger logger, string reader, string reason);

    [LoggerMessage(2112, LogLevel.Information, "Reader {Reader} answers")]
    public static partial void ReaderAnswers(this ILogger logger, string reader);

    [LoggerMessage(2113, LogLevel.Debug, "The nudge to {Address} was lost: {Reason}")]
    public static partial void NudgeFailed(this ILogger logger, string address, string reason);

    [LoggerMessage(2114, LogLevel.Debug, "Kafka did not take an administrative request: {Reason}")]
    public static partial void AdminRequestFailed(this ILogger logger, string reason);

    [LoggerMessage(
        2115,
        LogLevel.Warning,
        "Topic {Topic} has {Found} partitions and the log {Wanted}: the others carry foreign records only"
    )]
    public static partial void TopicHasMorePartitions(this ILogger logger, string topic, int found, int wanted);

    [LoggerMessage(2116, LogLevel.Error, "The relay's producer failed for good and is built anew: {Reason}")]
    public static partial void ProducerFatal(this ILogger logger, string reason);

    [LoggerMessage(2117, LogLevel.Debug, "librdkafka {Facility}: {Line}")]
    public static partial void Librdkafka(this ILogger logger, string facility, string line);

    [LoggerMessage(2118, LogLevel.Information, "{Rows} old rows of partition {Partition} were removed, up to {Seq}")]
    public static partial void RowsRemoved(this ILogger logger, int rows, int partition, ulong seq);

    [LoggerMessage(2119, LogLevel.Warning, "The backlog cannot be counted: {Reason}. The last count stands")]
    public static partial void BacklogUnknown(this ILogger logger, string reason);
}
