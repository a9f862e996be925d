using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Contracts;
using KafkaMySql;
using MySqlConnector;
using ServiceDefaults;

namespace Anomalies.Detecting;

/// <summary>
/// Lets the detectors of one type look at its events and writes down what they find, once for each detector and trace id: an event that
/// comes again, from whomever, adds nothing.
/// </summary>
internal sealed class DetectorTable(EventType type, Thresholds thresholds) : IInboxTable
{
    private const int RowsPerStatement = 500;
    private const string LockHead = "SELECT next_no FROM anomaly_head WHERE id = 1 FOR UPDATE";

    private readonly IDetector[] _detectors = [.. Detectors.All.Where(detector => detector.Type == type)];

    public bool Takes(InboxEvent read) =>
        _detectors.Any(detector => detector.Look((EventMessage)read.Message, thresholds.Current) is not null);

    public async Task InsertAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken)
    {
        var found = Look(events);
        if (found.Count == 0)
            return;
        // First the lock, then the look at what is there: two partitions may bring the same event of a stranger at once.
        var next = await NextNumberAsync(connection, cancellationToken);
        foreach (var some in found.Chunk(RowsPerStatement))
        {
            var known = await KnownAsync(connection, some, cancellationToken);
            var fresh = some.Where(anomaly => !known.Contains(anomaly.Id)).ToList();
            if (fresh.Count > 0)
                await InsertAsync(connection, fresh, next, cancellationToken);
            next += fresh.Count;
            foreach (var again in some.Where(anomaly => known.Contains(anomaly.Id) && anomaly.Event.Seq is not null))
                await AdoptAsync(connection, again, cancellationToken);
        }
        await using var move = connection.Command("UPDATE anomaly_head SET next_no = ? WHERE id = 1", next);
        await move.ExecuteNonQueryAsync(cancellationToken);
    }

    // Only what was found is kept, and inserting it never fails for being there: there is nothing to look up, and nothing left to adopt.
    public Task<IReadOnlyDictionary<string, ulong>> DigestsAsync(
        MySqlConnection connection,
        IReadOnlyCollection<string> traceIds,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyDictionary<string, ulong>>(new Dictionary<string, ulong>());

    public Task AdoptAsync(MySqlConnection connection, IReadOnlyList<InboxEvent> events, CancellationToken cancellationToken) =>
        InsertAsync(connection, events, cancellationToken);

    private List<Found> Look(IReadOnlyList<InboxEvent> events)
    {
        var limits = thresholds.Current;
        return
        [
            .. events
                .SelectMany(read =>
                    _detectors.Select(detector => (read, detector, finding: detector.Look((EventMessage)read.Message, limits)))
                )
                .Where(look => look.finding is not null)
                .Select(look => new Found(IdOf(look.detector, look.read.TraceId), look.detector, look.finding!, look.read))
                // A stranger may send the same event twice in one batch.
                .DistinctBy(found => found.Id),
        ];
    }

    private static async Task<long> NextNumberAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(LockHead);
        if (await command.ExecuteScalarAsync(cancellationToken) is long next)
            return next;
        // The first anomaly, or somebody took the row away: it goes on behind what is there.
        await using var make = connection.Command("INSERT INTO anomaly_head (id, next_no) SELECT 1, COALESCE(MAX(no), 0) + 1 FROM anomaly");
        await make.ExecuteNonQueryAsync(cancellationToken);
        await using var again = connection.Command(LockHead);
        return (long)(await again.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<HashSet<UInt128>> KnownAsync(MySqlConnection connection, Found[] found, CancellationToken cancellationToken)
    {
        var marks = string.Join(',', Enumerable.Repeat('?', found.Length));
        await using var command = connection.Command(
            $"SELECT id FROM anomaly WHERE id IN ({marks})",
            [.. found.Select(anomaly => (object)Bytes(anomaly.Id))]
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var known = new HashSet<UInt128>();
        while (await reader.ReadAsync(cancellationToken))
            known.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian((byte[])reader.GetValue(0)));
        return known;
    }

    private async Task InsertAsync(MySqlConnection connection, List<Found> found, long next, CancellationToken cancellationToken)
    {
        var rows = string.Join(',', Enumerable.Repeat("(?,?,?,?,?,?,?,?,?,?,?)", found.Count));
        await using var command = connection.Command(
            $"""
            INSERT INTO anomaly (no, id, detector, anomaly_type, type_id, trace_id, event_id, partition_no, seq, description, detected_at)
            VALUES {rows}
            """,
            [
                .. found.SelectMany(
                    (anomaly, index) =>
                        new object?[]
                        {
                            next + index,
                            Bytes(anomaly.Id),
                            anomaly.Detector.Name,
                            anomaly.Finding.AnomalyType,
                            type.Id,
                            anomaly.Event.TraceId,
                            Convert.ToString(type.EventId((EventMessage)anomaly.Event.Message), CultureInfo.InvariantCulture),
                            anomaly.Event.Partition,
                            anomaly.Event.Seq,
                            anomaly.Finding.Description,
                            anomaly.Event.At,
                        }
                ),
            ]
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task AdoptAsync(MySqlConnection connection, Found found, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            "UPDATE anomaly SET partition_no = ?, seq = ? WHERE id = ?",
            found.Event.Partition,
            found.Event.Seq,
            Bytes(found.Id)
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static UInt128 IdOf(IDetector detector, string traceId) =>
        XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{detector.Name}\0{traceId}"));

    private static byte[] Bytes(UInt128 id)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return bytes;
    }

    private sealed record Found(UInt128 Id, IDetector Detector, Finding Finding, InboxEvent Event);
}
