using System.Globalization;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>
/// This process among those that share the log: its leased number, its heartbeat, and what the heartbeat reads of the others. All state
/// is in <c>relay_node</c> and <c>relay</c>; only the database's clock decides who lives.
/// </summary>
internal sealed class Node(IOptions<OutboxOptions> options, TimeProvider clock)
{
    // What one heartbeat reserves; no trace id above it is given until the next one is stored.
    private static readonly TimeSpan TraceIdReserve = TimeSpan.FromSeconds(5);
    private readonly string _identity = $"{options.Value.Url.TrimEnd('/')}#{Guid.CreateVersion7():N}";
    private readonly ulong _readersHash = options.Value.Relay ? HashOf(options.Value) : 0;
    private volatile NodeLease? _lease;

    public TraceIdSequence TraceIds { get; } = new();

    public NodeLease? Lease => _lease;

    /// <summary>The lease, while its last good heartbeat is young enough to act on.</summary>
    public NodeLease? LiveLease => _lease is { } lease && lease.IsLive(clock) ? lease : null;

    public ulong ReadersHash => _readersHash;

    public string Identity => _identity;

    public static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Stores the heartbeat and reads the cluster, in one packet; leases a number first if there is none, or it was lost.</summary>
    /// <param name="connection">The node's connection.</param>
    /// <param name="sent">Hints to store with it: how far partitions this node owns were acknowledged.</param>
    public async Task<ClusterView> BeatAsync(MySqlConnection connection, IReadOnlyList<(int Partition, ulong Seq)> sent)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (_lease is null)
                await AcquireAsync(connection).ConfigureAwait(false);
            var node = _lease!.Node;
            var sentAt = clock.GetTimestamp();
            var limit = Math.Max(Nanoseconds(clock.GetUtcNow()), TraceIds.Highest) + (ulong)TraceIdReserve.Ticks * 100;
            var view = await BeatAndReadAsync(connection, node, limit, sent).ConfigureAwait(false);
            if (view.Nodes.Any(other => other.Number == node && other.Identity == _identity))
            {
                _lease = new NodeLease(node, limit, sentAt);
                return view;
            }

            // Another process holds the number now: this one was silent for too long, or the database was restored.
            _lease = null;
            if (attempt == 2)
                throw new InvalidOperationException("The lease on a node number is lost as soon as it is taken.");
        }
    }

    /// <summary>Gives number and partitions back, so that others need not wait until they are taken for dead.</summary>
    public async Task ReleaseAsync(MySqlConnection connection)
    {
        if (_lease is not { } lease)
            return;
        _lease = null;
        using var command = connection.CreateCommand();
        command.CommandText =
            "UPDATE relay SET owner = NULL WHERE owner = @node AND EXISTS (SELECT 1 FROM relay_node WHERE node_no = @node AND url = @url); "
            + "UPDATE relay_node SET seen_at = '2000-01-01', url = '' WHERE node_no = @node AND url = @url";
        command.Parameters.AddWithValue("@node", lease.Node);
        command.Parameters.AddWithValue("@url", _identity);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>Takes a partition whose owner is gone; false when someone else was faster or the owner is back.</summary>
    /// <param name="connection">The node's connection.</param>
    /// <param name="partition">The partition as last read.</param>
    /// <param name="deadOwner">The owner's row, as read when it was found dead; null when there is none.</param>
    public async Task<bool> TakeAsync(MySqlConnection connection, ClusterPartition partition, ClusterNode? deadOwner)
    {
        if (LiveLease is not { } lease)
            return false;
        using var command = connection.CreateCommand();
        command.CommandText =
            "UPDATE relay SET owner = @me WHERE partition_no = @partition AND owner <=> @owner AND NOT EXISTS (SELECT 1 FROM relay_node "
            + "WHERE node_no = @owner AND readers_hash <> 0 AND seen_at > UTC_TIMESTAMP(6) - INTERVAL 4 SECOND "
            // The heartbeat that was found dead may lie in the future of a clock that stepped back.
            + "AND TIMESTAMPDIFF(MICROSECOND, '2000-01-01', seen_at) <> @seen)";
        command.Parameters.AddWithValue("@me", lease.Node);
        command.Parameters.AddWithValue("@partition", partition.Number);
        command.Parameters.AddWithValue("@owner", partition.Owner);
        command.Parameters.AddWithValue("@seen", deadOwner?.SeenAt ?? -1);
        return await command.ExecuteNonQueryAsync().ConfigureAwait(false) == 1;
    }

    /// <summary>Gives one partition up.</summary>
    public async Task GiveUpAsync(MySqlConnection connection, int partition, ulong sent)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE relay SET owner = NULL, sent_seq = @sent WHERE partition_no = @partition AND owner = @me";
        command.Parameters.AddWithValue("@sent", sent);
        command.Parameters.AddWithValue("@partition", partition);
        command.Parameters.AddWithValue("@me", _lease?.Node);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private async Task AcquireAsync(MySqlConnection connection)
    {
        using var transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
        var (node, lastTraceId) = await FindFreeAsync(connection, transaction).ConfigureAwait(false);
        using var take = connection.CreateCommand();
        take.Transaction = transaction;
        // It counts as seen long ago until the first heartbeat confirms it; the trace ids of the former holder stay below.
        take.CommandText = "UPDATE relay_node SET url = @url, seen_at = UTC_TIMESTAMP(6), readers_hash = @hash WHERE node_no = @node";
        take.Parameters.AddWithValue("@url", _identity);
        take.Parameters.AddWithValue("@hash", _readersHash);
        take.Parameters.AddWithValue("@node", node);
        await take.ExecuteNonQueryAsync().ConfigureAwait(false);
        await transaction.CommitAsync().ConfigureAwait(false);
        TraceIds.Lease(node, lastTraceId);
        // Not live before its first heartbeat: nothing was promised yet.
        _lease = new NodeLease(node, 0, clock.GetTimestamp() - (clock.TimestampFrequency * 3600));
    }

    private static async Task<(int Node, ulong LastTraceId)> FindFreeAsync(MySqlConnection connection, MySqlTransaction transaction)
    {
        using var find = connection.CreateCommand();
        find.Transaction = transaction;
        find.CommandText =
            "SELECT node_no, last_trace_id, TIMESTAMPDIFF(MICROSECOND, seen_at, UTC_TIMESTAMP(6)) FROM relay_node ORDER BY node_no FOR UPDATE";
        using var reader = await find.ExecuteReaderAsync().ConfigureAwait(false);
        var free = new List<(int Node, ulong LastTraceId)>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            if (reader.GetInt64(2) >= NodeLease.TakenAfter.TotalMicroseconds)
                free.Add((reader.GetInt32(0), reader.GetUInt64(1)));
        }

        return free.Count == 0
            ? throw new InvalidOperationException($"All {EventLogSchema.NodeNumbers} node numbers are taken by live processes.")
            : free.MinBy(candidate => candidate.Node);
    }

    private async Task<ClusterView> BeatAndReadAsync(
        MySqlConnection connection,
        int node,
        ulong limit,
        IReadOnlyList<(int Partition, ulong Seq)> sent
    )
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            string.Concat(
                sent.Select(hint =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"UPDATE relay SET sent_seq = @sent{hint.Partition} WHERE partition_no = {hint.Partition} AND owner = @node; "
                    )
                )
            )
            + "UPDATE relay_node SET seen_at = UTC_TIMESTAMP(6), last_trace_id = GREATEST(last_trace_id, @limit), readers_hash = @hash "
            + "WHERE node_no = @node AND url = @url; "
            + "SELECT 0, node_no, url, TIMESTAMPDIFF(MICROSECOND, seen_at, UTC_TIMESTAMP(6)), "
            + "TIMESTAMPDIFF(MICROSECOND, '2000-01-01', seen_at), readers_hash, 0, 0 FROM relay_node WHERE url <> '' "
            + "UNION ALL SELECT 1, r.partition_no, '', r.owner, 0, r.sent_seq, h.last_seq, h.next_seq "
            + "FROM relay r JOIN partition_head h ON h.partition_no = r.partition_no";
        foreach (var (partition, seq) in sent)
            command.Parameters.AddWithValue("@sent" + partition.ToString(CultureInfo.InvariantCulture), seq);
        command.Parameters.AddWithValue("@limit", limit);
        command.Parameters.AddWithValue("@hash", _readersHash);
        command.Parameters.AddWithValue("@node", node);
        command.Parameters.AddWithValue("@url", _identity);

        using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        var nodes = new List<ClusterNode>();
        var partitions = new List<ClusterPartition>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            var number = reader.GetInt32(1);
            if (reader.GetInt32(0) == 0)
                nodes.Add(
                    new ClusterNode(
                        number,
                        reader.GetString(2),
                        TimeSpan.FromMicroseconds(reader.GetInt64(3)),
                        reader.GetInt64(4),
                        Unsigned(reader, 5)
                    )
                );
            else
                partitions.Add(
                    new ClusterPartition(
                        number,
                        reader.IsDBNull(3) ? null : (int)reader.GetInt64(3),
                        Unsigned(reader, 5),
                        Unsigned(reader, 6),
                        Unsigned(reader, 7)
                    )
                );
        }

        return new ClusterView([.. nodes.OrderBy(one => one.Number)], [.. partitions.OrderBy(one => one.Number)]);
    }

    // A union of signed and unsigned columns comes back as DECIMAL on one of the servers.
    private static ulong Unsigned(MySqlDataReader reader, int column) =>
        Convert.ToUInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    private static ulong HashOf(OutboxOptions settings) =>
        System.IO.Hashing.XxHash64.HashToUInt64(
            System.Text.Encoding.UTF8.GetBytes(
                string.Join(
                    '\n',
                    settings.Readers.Select(reader => $"{reader.Name} {reader.Url.TrimEnd('/')}").Order(StringComparer.Ordinal)
                )
            )
        ) | 1;
}
