using System.Globalization;
using System.Text;
using Contracts;
using KafkaMySql;
using MySqlConnector;
using ServiceDefaults;

namespace Analyzer.Writing;

/// <summary>
/// Adds events of one type to the index. Positions are given under the lock of the type's head, which is held until the commit: they have
/// no gaps, become visible in their order, and a rollback gives them back.
/// </summary>
internal sealed class IndexTable(EventType type) : IInboxTable
{
    private const int RowsPerStatement = 500;

    // A statement grows by what is escaped in payloads; so many bytes of them stay far below any server's packet limit.
    private const int BytesPerStatement = 4 * 1024 * 1024;

    private const string Insert =
        "INSERT INTO event_index (type_id, position, trace_id, event_id, partition_no, seq, topic_offset, bucket, digest, accepted_at, topic_at, "
        + "indexed_at, payload) VALUES ";

    // What the column can hold on every server; only a stranger's envelope is outside.
    private static readonly DateTime Earliest = new(1000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public async Task InsertAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        var next = await LockHeadAsync(connection, cancellationToken);
        foreach (var (from, count) in Parts(events))
        {
            await using var command = new MySqlCommand { Connection = connection };
            var text = new StringBuilder(Insert, Insert.Length + count * 160);
            for (var row = from; row < from + count; row++)
                AddRow(text.Append(row == from ? "(" : ",("), command.Parameters, events[row], next + row);
            command.CommandText = text.ToString();
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await MoveHeadAsync(connection, events, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, ulong>> DigestsAsync(
        MySqlConnection connection,
        IReadOnlyCollection<string> traceIds,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<string, ulong>(traceIds.Count);
        foreach (var some in traceIds.Chunk(RowsPerStatement))
        {
            var marks = string.Join(',', Enumerable.Repeat('?', some.Length));
            await using var command = connection.Command(
                $"SELECT trace_id, digest FROM event_index WHERE type_id = ? AND trace_id IN ({marks}) FOR UPDATE",
                [type.Id, .. some]
            );
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                found.Add(reader.GetString(0), reader.GetUInt64(1));
        }
        return found;
    }

    public async Task AdoptAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        // The place on the topic goes with the coordinate: both say where the event's own record stands.
        foreach (var adopted in events)
        {
            await using var command = connection.Command(
                "UPDATE event_index SET partition_no = ?, seq = ?, bucket = ?, topic_offset = ?, topic_at = ? WHERE trace_id = ? AND type_id = ?",
                adopted.Partition,
                adopted.Seq,
                adopted.Bucket,
                adopted.Record.Offset,
                TopicTime(adopted),
                adopted.TraceId,
                type.Id
            );
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<long> LockHeadAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        const string Lock = "SELECT next_position FROM position_head WHERE type_id = ? FOR UPDATE";
        await using var command = connection.Command(Lock, type.Id);
        if (await command.ExecuteScalarAsync(cancellationToken) is long next)
            return next;
        // The first event of its type, or somebody took the row away: it goes on behind what is there.
        await using var make = connection.Command(
            "INSERT INTO position_head (type_id, next_position, events) SELECT ?, COALESCE(MAX(position) + 1, 0), COUNT(*) FROM event_index WHERE type_id = ?",
            type.Id,
            type.Id
        );
        await make.ExecuteNonQueryAsync(cancellationToken);
        await using var again = connection.Command(Lock, type.Id);
        return (long)(await again.ExecuteScalarAsync(cancellationToken))!;
    }

    // An event that is published again because its entry was lost is given a new position; so the count is no longer the last position.
    private async Task MoveHeadAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        var repair = events.Any(stored => stored.IsRepair);
        var count = repair ? "(SELECT COUNT(*) FROM event_index WHERE type_id = ?)" : "events + ?";
        await using var command = connection.Command(
            $"UPDATE position_head SET next_position = next_position + ?, events = {count} WHERE type_id = ?",
            events.Count,
            repair ? type.Id : events.Count,
            type.Id
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void AddRow(StringBuilder text, MySqlParameterCollection parameters, InboxEvent stored, long position)
    {
        var message = (EventMessage)stored.Message;
        text.Append(CultureInfo.InvariantCulture, $"{type.Id},{position},?,?,{stored.Partition},");
        text.Append(stored.Seq is { } seq ? seq.ToString(CultureInfo.InvariantCulture) : "NULL");
        text.Append(CultureInfo.InvariantCulture, $",{stored.Record.Offset},{stored.Bucket},{stored.Digest},");
        text.Append(CultureInfo.InvariantCulture, $"{Time(Fitting(message.PostedAt.UtcDateTime))},{Time(TopicTime(stored))},");
        text.Append(CultureInfo.InvariantCulture, $"{Time(stored.At)},?)");
        parameters.Add(new MySqlParameter { Value = stored.TraceId });
        parameters.Add(new MySqlParameter { Value = Convert.ToString(type.EventId(message), CultureInfo.InvariantCulture) });
        parameters.Add(new MySqlParameter { Value = message.ToPayload() });
    }

    private static IEnumerable<(int From, int Count)> Parts(IReadOnlyList<InboxEvent> events)
    {
        var from = 0;
        long bytes = 0;
        for (var row = 0; row < events.Count; row++)
        {
            var size = events[row].Record.Value?.Length ?? 0;
            if (row > from && (row - from == RowsPerStatement || bytes + size > BytesPerStatement))
            {
                yield return (from, row - from);
                from = row;
                bytes = 0;
            }
            bytes += size;
        }
        yield return (from, events.Count - from);
    }

    private static DateTime TopicTime(InboxEvent stored) => Fitting(stored.Record.Timestamp.ToUniversalTime());

    private static DateTime Fitting(DateTime time) => time < Earliest ? Earliest : time;

    private static string Time(DateTime time) => time.ToString("\\'yyyy-MM-dd HH:mm:ss.ffffff\\'", CultureInfo.InvariantCulture);
}
