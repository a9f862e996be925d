using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

internal sealed class EventLogArchive(EventLogDatabase database, Relay relay, IOptions<OutboxOptions> options) : IEventLogArchive
{
    public async Task<LogEntry?> FindAsync(int partition, ulong seq, CancellationToken cancellationToken)
    {
        using var connection = await database.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT l.after_seq, l.trace_id, l.type_id, l.key_bytes, l.value, l.headers, l.digest, l.accepted_at, r.sent_seq "
            + "FROM event_log l JOIN relay r ON r.partition_no = l.partition_no WHERE l.partition_no = @partition AND l.seq = @seq";
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@seq", seq);
        using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            return null;
        var owned = relay.Partitions[partition];
        return new LogEntry(
            partition,
            seq,
            reader.GetUInt64(0),
            reader.GetString(1),
            reader.GetUInt16(2),
            reader.GetFieldValue<byte[]>(3),
            reader.GetFieldValue<byte[]>(4),
            [.. HeaderBlob.Read(reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5))],
            reader.GetUInt64(6),
            new DateTimeOffset(DateTime.SpecifyKind(reader.GetDateTime(7), DateTimeKind.Utc)),
            seq <= Math.Max(reader.GetUInt64(8), owned.IsOwned ? owned.HighestAcked : 0),
            ReadBy(owned, seq)
        );
    }

    public async Task<IReadOnlyList<LogExtent>> ExtentsAsync(CancellationToken cancellationToken)
    {
        using var connection = await database.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT h.partition_no, (SELECT MIN(seq) FROM event_log l WHERE l.partition_no = h.partition_no), h.last_seq, r.sent_seq "
            + "FROM partition_head h JOIN relay r ON r.partition_no = h.partition_no ORDER BY h.partition_no";
        using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var extents = new List<LogExtent>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            extents.Add(
                new LogExtent(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetUInt64(1), reader.GetUInt64(2), reader.GetUInt64(3))
            );
        return extents;
    }

    public async IAsyncEnumerable<LogBucket> BucketsAsync(
        int partition,
        ulong after,
        ulong upTo,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var connection = await database.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        // Grouped in the order of the key, so the rows stream and nothing is sorted.
        command.CommandText =
            $"SELECT seq DIV {LogBucket.Size} AS bucket, COUNT(*), BIT_XOR(digest) FROM event_log "
            + "WHERE partition_no = @partition AND seq > @after AND seq <= @upto GROUP BY bucket ORDER BY bucket";
        command.CommandTimeout = 60;
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@after", after);
        command.Parameters.AddWithValue("@upto", upTo);
        using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            yield return new LogBucket(
                Convert.ToUInt64(reader.GetValue(0), null),
                reader.GetInt64(1),
                Convert.ToUInt64(reader.GetValue(2), null)
            );
    }

    public async Task<IReadOnlyList<LogBucketRow>> RowsAsync(int partition, ulong bucket, CancellationToken cancellationToken)
    {
        using var connection = await database.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT seq, type_id, trace_id, digest FROM event_log WHERE partition_no = @partition AND seq >= @first AND seq <= @last ORDER BY seq";
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@first", LogBucket.First(bucket));
        command.Parameters.AddWithValue("@last", LogBucket.Last(bucket));
        using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<LogBucketRow>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            rows.Add(new LogBucketRow(reader.GetUInt64(0), reader.GetUInt16(1), reader.GetString(2), reader.GetUInt64(3)));
        return rows;
    }

    private Dictionary<string, bool?> ReadBy(PartitionRelay owned, ulong seq)
    {
        var lasts = owned.IsOwned ? owned.Lasts : [.. options.Value.Readers.Select(_ => (ulong?)null)];
        return options
            .Value.Readers.Select((reader, index) => (reader.Name, Read: lasts[index] is { } last ? seq <= last : (bool?)null))
            .ToDictionary(reader => reader.Name, reader => reader.Read);
    }
}
