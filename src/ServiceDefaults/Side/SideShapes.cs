using System.Text.Json.Serialization;

namespace ServiceDefaults;

/// <summary>How far a reader is in a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Last">The last seq that was applied.</param>
/// <param name="NextOffset">Where it reads on in the topic.</param>
public sealed record SideLast(int Partition, ulong Last, long NextOffset);

/// <summary>The rows of one type in one bucket. Buckets below 256 hold foreign rows.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Bucket"><c>seq DIV 4096</c>, or a hash of the trace id for foreign rows.</param>
/// <param name="Type">The type's number.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Digest">The exclusive or of their digests.</param>
public sealed record SideBucket(
    int Partition,
    ulong Bucket,
    ushort Type,
    long Rows,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] ulong Digest
);

/// <summary>How many of the log's own records in one bucket the reader has put aside.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Dead">Records that cannot be stored.</param>
/// <param name="Parked">Records of a type that the version does not know.</param>
public sealed record SideAside(int Partition, ulong Bucket, long Dead, long Parked);

/// <summary>A range of the log that the reader can never see: above <paramref name="After"/>, below <paramref name="Before"/>.</summary>
public sealed record SideExpired(int Partition, ulong After, ulong Before);

/// <summary>A reader's digests at one moment.</summary>
public sealed record SideSnapshot(
    string Consumer,
    IReadOnlyList<SideLast> Last,
    IReadOnlyList<SideBucket> Buckets,
    IReadOnlyList<SideAside> Aside,
    IReadOnlyList<SideExpired> Expired
);

/// <summary>One row.</summary>
/// <param name="Partition">The partition of its coordinate.</param>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Seq">Its number in the log; null for a foreign row.</param>
/// <param name="Type">The type's number.</param>
/// <param name="TraceId">The event's identity.</param>
/// <param name="EventId">The number or name a client knows it by.</param>
/// <param name="Digest">The digest that stands in the row.</param>
/// <param name="Computed">The digest that follows from its columns, where that was asked for; null where it cannot be computed.</param>
public sealed record SideRow(
    int Partition,
    ulong Bucket,
    ulong? Seq,
    ushort Type,
    string TraceId,
    string EventId,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] ulong Digest,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] ulong? Computed = null
);

/// <summary>A record that the reader has put aside.</summary>
/// <param name="Seq">Its number in the log; null for a foreign one.</param>
/// <param name="TraceId">Its identity, as far as that could be read.</param>
/// <param name="Type">The type's number, as far as that is known.</param>
/// <param name="Reason">Why.</param>
public sealed record SideRefused(ulong? Seq, string? TraceId, ushort? Type, string Reason);

/// <summary>What a reader has of a bucket or of one event, and what of it was put aside.</summary>
public sealed record SideRows(
    IReadOnlyList<SideLast> Last,
    IReadOnlyList<SideRow> Rows,
    IReadOnlyList<SideRefused> Dead,
    IReadOnlyList<SideRefused> Parked
);

/// <summary>Buckets computed anew from the columns, and the rows whose digest does not follow from them.</summary>
public sealed record SideComputed(IReadOnlyList<SideBucket> Buckets, IReadOnlyList<SideRow> Wrong);
