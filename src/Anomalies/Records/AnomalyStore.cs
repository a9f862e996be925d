using System.Globalization;
using Contracts;
using MySqlConnector;
using ServiceDefaults;

namespace Anomalies.Records;

/// <summary>Reads what was found.</summary>
internal sealed class AnomalyStore(ServiceDatabase database)
{
    /// <summary>What was found about events of the given types, numbers above <paramref name="after"/>, oldest first.</summary>
    public async Task<List<(long No, byte[] Id, AnomalyRecord Record)>> ListAsync(
        IEnumerable<EventType> types,
        long after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(
            $"""
            SELECT no, id, event_id, trace_id, type_id, anomaly_type, description FROM anomaly
            WHERE type_id IN ({Numbers(types)}) AND no > @after ORDER BY no LIMIT @limit
            """,
            connection
        );
        command.Parameters.AddWithValue("@after", after);
        command.Parameters.AddWithValue("@limit", limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(long, byte[], AnomalyRecord)>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(
                (
                    reader.GetInt64(0),
                    (byte[])reader.GetValue(1),
                    new AnomalyRecord(
                        reader.GetString(2),
                        reader.GetString(3),
                        NameOf(reader.GetUInt16(4)),
                        reader.GetString(5),
                        reader.GetString(6)
                    )
                )
            );
        return found;
    }

    /// <summary>The same with their times, newest first: numbers below <paramref name="before"/>, of one kind or of any.</summary>
    public async Task<List<(long No, byte[] Id, TimedAnomalyRecord Record)>> NewestAsync(
        IEnumerable<EventType> types,
        string? anomalyType,
        long before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(
            $"""
            SELECT no, id, event_id, trace_id, type_id, anomaly_type, description, detected_at FROM anomaly
            WHERE type_id IN ({Numbers(types)}) AND no < @before{(anomalyType is null ? "" : " AND anomaly_type = @kind")}
            ORDER BY no DESC LIMIT @limit
            """,
            connection
        );
        command.Parameters.AddWithValue("@before", before);
        command.Parameters.AddWithValue("@kind", anomalyType);
        command.Parameters.AddWithValue("@limit", limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(long, byte[], TimedAnomalyRecord)>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(
                (
                    reader.GetInt64(0),
                    (byte[])reader.GetValue(1),
                    new TimedAnomalyRecord(
                        reader.GetString(2),
                        reader.GetString(3),
                        NameOf(reader.GetUInt16(4)),
                        reader.GetString(5),
                        reader.GetString(6),
                        reader.GetDateTime(7).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
                    )
                )
            );
        return found;
    }

    /// <summary>Whether anything was ever found about events of the given types.</summary>
    public async Task<bool> AnyAsync(IEnumerable<EventType> types, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand($"SELECT 1 FROM anomaly WHERE type_id IN ({Numbers(types)}) LIMIT 1", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    /// <summary>How many anomalies of the given types there are.</summary>
    public async Task<long> CountAsync(IEnumerable<EventType> types, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand($"SELECT COUNT(*) FROM anomaly WHERE type_id IN ({Numbers(types)})", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The number that the next anomaly is given: it rises with each.</summary>
    public async Task<long> NextNumberAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand("SELECT next_no FROM anomaly_head WHERE id = 1", connection);
        return await command.ExecuteScalarAsync(cancellationToken) as long? ?? 1;
    }

    /// <summary>The identity of the anomaly of that number; null when there is none.</summary>
    public async Task<byte[]?> IdAtAsync(long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand("SELECT id FROM anomaly WHERE no = @no", connection);
        command.Parameters.AddWithValue("@no", number);
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>What was found about one event, oldest first.</summary>
    public async Task<List<FoundAnomaly>> OfEventAsync(string traceId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(
            "SELECT type_id, anomaly_type, description, detected_at FROM anomaly WHERE trace_id = @trace ORDER BY no",
            connection
        );
        command.Parameters.AddWithValue("@trace", traceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<FoundAnomaly>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new FoundAnomaly(NameOf(reader.GetUInt16(0)), reader.GetString(1), reader.GetString(2), reader.GetDateTime(3)));
        return found;
    }

    /// <summary>Whether the list is given out: the detector had caught up once, or an update was asked for.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand("SELECT COUNT(*) FROM anomaly_head WHERE id = 1 AND open_since IS NOT NULL", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
    }

    /// <summary>The list is given out from now on.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // The table has one unique key, so a row that somebody adds meanwhile is the same row.
        await using var command = new MySqlCommand(
            """
            INSERT INTO anomaly_head (id, next_no, open_since) SELECT 1, COALESCE(MAX(no), 0) + 1, UTC_TIMESTAMP(6) FROM anomaly
            ON DUPLICATE KEY UPDATE open_since = COALESCE(anomaly_head.open_since, UTC_TIMESTAMP(6))
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Numbers(IEnumerable<EventType> types) => string.Join(',', types.Select(type => type.Id));

    private static string NameOf(int type) =>
        EventCatalog.Find(type)?.Name
        ?? throw new InvalidOperationException($"An anomaly is of type {type}, which this version does not know.");
}
