using Analyzer.Writing;
using MySqlConnector;
using ServiceDefaults;

namespace Analyzer.Events;

/// <summary>A record that the index could not take: a dead letter, or one of a type this version does not know.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Seq">Its number in the log; null for a foreign record.</param>
/// <param name="At">Since when, UTC.</param>
/// <param name="Reason">A sentence.</param>
internal sealed record RefusedRecord(int Partition, ulong? Seq, DateTime At, string Reason)
{
    /// <summary>
    /// Looks for a trace id among them; null when it is not there. They are few and have no index for this: it is asked only of an event
    /// that is nowhere else.
    /// </summary>
    public static async Task<RefusedRecord?> FindAsync(ServiceDatabase database, string traceId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(
            """
            SELECT partition_no, seq, at, reason FROM dead_letter WHERE consumer = @consumer AND trace_id = @trace AND closed_at IS NULL
            UNION ALL
            SELECT partition_no, seq, at, CONCAT('this version does not know the type ', type) FROM parked WHERE consumer = @consumer AND trace_id = @trace
            ORDER BY at LIMIT 1
            """,
            connection
        );
        command.Parameters.AddWithValue("@consumer", IndexInbox.Consumer);
        command.Parameters.AddWithValue("@trace", traceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new RefusedRecord(
                reader.GetUInt16(0),
                reader.IsDBNull(1) ? null : reader.GetUInt64(1),
                reader.GetDateTime(2),
                reader.GetString(3)
            )
            : null;
    }
}
