using Contracts;
using MySqlConnector;
using ServiceDefaults;

namespace Analyzer.Reading;

/// <summary>Reads the index. Every question is one read by key, however large the index is.</summary>
internal sealed class EventIndex(ServiceDatabase database)
{
    private const string Columns =
        "type_id, position, trace_id, event_id, partition_no, seq, topic_offset, accepted_at, topic_at, indexed_at, payload";

    /// <summary>The payload of the event at a position; null when there is none.</summary>
    public async Task<byte[]?> PayloadAsync(EventType type, long position, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            connection,
            "SELECT payload FROM event_index WHERE type_id = @type AND position = @position",
            ("@type", type.Id),
            ("@position", position)
        );
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>How many events the index has of each type, and the position the next one is given, by the type's number.</summary>
    public async Task<Dictionary<ushort, (long Next, long Events)>> HeadsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, "SELECT type_id, next_position, events FROM position_head");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var heads = new Dictionary<ushort, (long, long)>();
        while (await reader.ReadAsync(cancellationToken))
            heads[reader.GetUInt16(0)] = (reader.GetInt64(1), reader.GetInt64(2));
        return heads;
    }

    /// <summary>The events with a trace id, one of each type that has it, in the catalog's order.</summary>
    public async Task<List<IndexRow>> FindAsync(string traceId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            connection,
            $"SELECT {Columns} FROM event_index WHERE trace_id = @trace ORDER BY type_id",
            ("@trace", traceId)
        );
        return await RowsAsync(command, long.MaxValue, cancellationToken);
    }

    /// <summary>
    /// The entries of one type from a position on, in order, at most <paramref name="limit"/> and no more once <paramref name="maxBytes"/> of payload
    /// were read.
    /// </summary>
    public async Task<List<IndexRow>> FromAsync(
        EventType type,
        long position,
        int limit,
        long maxBytes,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            connection,
            $"SELECT {Columns} FROM event_index WHERE type_id = @type AND position >= @position ORDER BY position LIMIT @limit",
            ("@type", type.Id),
            ("@position", position),
            ("@limit", limit)
        );
        return await RowsAsync(command, maxBytes, cancellationToken);
    }

    /// <summary>The ids of one type above a position and below another, in order.</summary>
    public async Task<List<(long Position, string EventId, string TraceId)>> IdsAsync(
        EventType type,
        long above,
        long below,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            connection,
            """
            SELECT position, event_id, trace_id FROM event_index
            WHERE type_id = @type AND position > @above AND position < @below ORDER BY position LIMIT @limit
            """,
            ("@type", type.Id),
            ("@above", above),
            ("@below", below),
            ("@limit", limit)
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<(long, string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            ids.Add((reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        return ids;
    }

    /// <summary>The trace id at a position; null when there is none.</summary>
    public async Task<string?> TraceIdAtAsync(EventType type, long position, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            connection,
            "SELECT trace_id FROM event_index WHERE type_id = @type AND position = @position",
            ("@type", type.Id),
            ("@position", position)
        );
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<List<IndexRow>> RowsAsync(MySqlCommand command, long maxBytes, CancellationToken cancellationToken)
    {
        var rows = new List<IndexRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        for (long bytes = 0; bytes < maxBytes && await reader.ReadAsync(cancellationToken); )
        {
            var row = Row(reader);
            bytes += row.Payload.Length;
            rows.Add(row);
        }
        return rows;
    }

    private static IndexRow Row(MySqlDataReader reader) =>
        new()
        {
            Type =
                EventCatalog.Find(reader.GetUInt16(0))
                ?? throw new InvalidOperationException($"The index holds type {reader.GetUInt16(0)}, which this version does not know."),
            Position = reader.GetInt64(1),
            TraceId = reader.GetString(2),
            EventId = reader.GetString(3),
            Partition = reader.GetUInt16(4),
            Seq = reader.IsDBNull(5) ? null : reader.GetUInt64(5),
            Offset = reader.GetInt64(6),
            AcceptedAt = reader.GetDateTime(7),
            TopicAt = reader.GetDateTime(8),
            IndexedAt = reader.GetDateTime(9),
            Payload = (byte[])reader.GetValue(10),
        };

    private static MySqlCommand Command(MySqlConnection connection, string sql, params (string Name, object Value)[] values)
    {
        var command = new MySqlCommand(sql, connection);
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
