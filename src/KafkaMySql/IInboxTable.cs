using MassTransit.Kafka.Extensions;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>
/// Where one type's events go. Every call runs inside the inbox's transaction, on its connection; nothing may be committed or
/// rolled back in it, and MySQL's errors are let through, since the inbox decides what they mean.
/// </summary>
public interface IInboxTable
{
    /// <summary>
    /// Whether the event leads to anything in the table. Asked outside any transaction, and only with <see cref="InboxOptions.ProgressInterval"/>.
    /// </summary>
    bool Takes(InboxEvent read) => true;

    /// <summary>Inserts new rows, several per statement. A duplicate trace id is left to fail with error 1062.</summary>
    Task InsertAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken);

    /// <summary>The stored digests of those of <paramref name="traceIds"/> that are in the table, locked for update.</summary>
    Task<IReadOnlyDictionary<string, ulong>> DigestsAsync(
        MySqlConnection connection,
        IReadOnlyCollection<string> traceIds,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Gives rows that are there already the partition, seq and bucket of <paramref name="events"/>; time and row number stay. Row numbers
    /// count within the partition of the insert, so a table that pages by them keeps that partition in a column of its own.
    /// </summary>
    Task AdoptAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken);
}

/// <summary>One event as the inbox hands it to its table.</summary>
public sealed class InboxEvent
{
    /// <summary>The number of the event's type in the catalog.</summary>
    public required ushort TypeId { get; init; }

    /// <summary>The event's identity.</summary>
    public required string TraceId { get; init; }

    /// <summary>Digest of the event's typed fields, as columns hold them.</summary>
    public required ulong Digest { get; init; }

    /// <summary>The decoded message.</summary>
    public required object Message { get; init; }

    /// <summary>The record the event came in.</summary>
    public required RawRecord Record { get; init; }

    /// <summary>The partition of the event's coordinate.</summary>
    public required int Partition { get; init; }

    /// <summary>The event's seq; null for a foreign record, which has no coordinate.</summary>
    public ulong? Seq { get; init; }

    /// <summary>The log published it again to mend something: its row was lost, or never came.</summary>
    public bool IsRepair { get; init; }

    /// <summary><c>seq DIV 4096</c>; for a foreign record a hash of its trace id, 0 to 255.</summary>
    public required ulong Bucket { get; init; }

    /// <summary>The row's number in its partition, given under the fence, without gaps.</summary>
    public long RowNo { get; set; }

    /// <summary>The time of ingestion on the database's clock, UTC, microseconds.</summary>
    public DateTime At { get; set; }
}

/// <summary>Turns a record into an event, without I/O.</summary>
/// <returns>What the record holds.</returns>
public delegate InboxContent InboxDecoder(RawRecord record);

/// <summary>What a record turned out to hold.</summary>
public abstract record InboxContent
{
    private InboxContent() { }

    /// <summary>An event of a known type.</summary>
    public sealed record Event(ushort TypeId, string TraceId, ulong Digest, object Message) : InboxContent;

    /// <summary>Well-formed, but of a type this version does not know.</summary>
    public sealed record UnknownType(string Type, string? TraceId) : InboxContent;

    /// <summary>Something no version can read; <paramref name="Reason"/> names the field.</summary>
    public sealed record Undecodable(string Reason, string? TraceId) : InboxContent;
}
