using System.Globalization;
using System.Text;
using Contracts;
using MySqlConnector;

namespace TestSupport;

/// <summary>
/// Writes rows into Storage's tables as its reader does, without a topic: coordinates, row numbers, counts and progress in one transaction.
/// It shares the statements with nobody.
/// </summary>
public sealed class StoredRows(string connectionString)
{
    private static readonly Dictionary<EventType, (string Table, string Time)> Tables = new()
    {
        [EventCatalog.Listings] = ("listings", "ingested_at"),
        [EventCatalog.Bids] = ("bids", "ingested_at"),
        [EventCatalog.RunningStats] = ("running_data", "date_created"),
        [EventCatalog.MusicInfo] = ("music_data", "date_created"),
    };

    /// <summary>The number before the first: a log's begin with the clock, far above the buckets of foreign rows.</summary>
    public const ulong FirstSeq = 1_763_900_000UL << 20;

    private static long _traceId = 1_738_302_360_430_669_000;

    /// <summary>The connection string of the database.</summary>
    public string ConnectionString => connectionString;

    /// <summary>A new listing.</summary>
    public static ListingPosted Listing(decimal price, long id = 1) =>
        (ListingPosted)Accept(
            EventCatalog.Listings,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"listing_id":{{id}},"listing_price":{{price}},"listing_type":"Condo","listing_status":"SOLD","listing_contact":"a@b.c"}"""
            )
        );

    /// <summary>A new bid.</summary>
    public static BidPosted Bid(decimal offer, long id = 1) =>
        (BidPosted)Accept(
            EventCatalog.Bids,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"bidding_id":{{id}},"listing_id":7,"asking_price":600000,"offer_price":{{offer}},"property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED"}"""
            )
        );

    /// <summary>A new run.</summary>
    public static RunPosted Run(string distance, string duration) =>
        (RunPosted)
            Draft(
                    EventCatalog.RunningStats,
                    $$"""{"user_id":"d290f1ee-6c54-4b01-90e6-d701748f0851","duration":{{duration}},"distance":{{distance}},"timestamp":"2024-09-10T09:12:33.001Z"}"""
                )
                .Accept(Guid.CreateVersion7(), DateTimeOffset.UtcNow);

    /// <summary>A new song.</summary>
    public static SongPosted Song(string duration) =>
        (SongPosted)
            Draft(
                    EventCatalog.MusicInfo,
                    $$"""{"user_id":"d999f1ee-6c54-4b01-90e6-d701748f0851","song_name":"Run Boy Run","artist":"Woodkid","song_duration":{{duration}},"timestamp":"whenever"}"""
                )
                .Accept(Guid.CreateVersion7(), DateTimeOffset.UtcNow);

    /// <summary>Stores events behind those of the partition.</summary>
    public async Task AddAsync(int partition, params EventMessage[] messages)
    {
        await using var batch = await BeginAsync(partition, messages);
        await batch.CommitAsync();
    }

    /// <summary>Stores events in a transaction that stays open: a batch in flight.</summary>
    public async Task<OpenBatch> BeginAsync(int partition, params EventMessage[] messages)
    {
        var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted);
        var (seq, row) = await FenceAsync(transaction, partition);
        foreach (var chunk in messages.Chunk(1000))
        {
            foreach (var type in chunk.Index().GroupBy(message => EventCatalog.Of(message.Item)))
                await InsertAsync(
                    transaction,
                    type.Key,
                    partition,
                    [.. type.Select(item => (item.Item, seq + (ulong)item.Index + 1, row + item.Index))]
                );
            seq += (ulong)chunk.Length;
            row += chunk.Length;
        }
        await using var progress = new MySqlCommand(
            $"UPDATE partition_progress SET last_seq = {seq}, next_row = {row} WHERE consumer = 'storage' AND partition_no = {partition}",
            connection,
            transaction
        );
        await progress.ExecuteNonQueryAsync();
        return new OpenBatch(connection, transaction);
    }

    /// <summary>Runs a statement, as somebody at the database would.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<(ulong Seq, long Row)> FenceAsync(MySqlTransaction transaction, int partition)
    {
        await using var fence = new MySqlCommand(
            $"SELECT last_seq, next_row FROM partition_progress WHERE consumer = 'storage' AND partition_no = {partition} FOR UPDATE",
            transaction.Connection,
            transaction
        );
        await using var reader = await fence.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (Math.Max(reader.GetUInt64(0), FirstSeq), reader.GetInt64(1));
    }

    private static async Task InsertAsync(
        MySqlTransaction transaction,
        EventType type,
        int partition,
        IReadOnlyList<(EventMessage Message, ulong Seq, long Row)> rows
    )
    {
        var (table, time) = Tables[type];
        await using var insert = new MySqlCommand(transaction.Connection, transaction) { CommandTimeout = 120 };
        var sql = new StringBuilder(
            $"INSERT INTO {table} ({string.Concat(type.Fields.Select(field => $"`{field.Name}`, "))}trace_id, partition_no, seq, bucket, digest, row_partition, row_no, {time}) VALUES "
        );
        foreach (var (message, seq, row) in rows)
        {
            sql.Append(sql[^1] == ')' ? ",(" : "(");
            foreach (var value in type.Fields.Select(field => field.ColumnValue(message)).Append(message.Identity))
            {
                sql.Append("?,");
                insert.Parameters.Add(new MySqlParameter { Value = value ?? DBNull.Value });
            }
            sql.Append(
                CultureInfo.InvariantCulture,
                $"{partition},{seq},{seq / 4096},{type.Digest(message)},{partition},{row},UTC_TIMESTAMP(6))"
            );
        }
        insert.CommandText = sql.ToString();
        await insert.ExecuteNonQueryAsync();
        await using var count = new MySqlCommand(
            $"INSERT INTO event_count VALUES ({partition}, {type.Id}, {rows.Count}) ON DUPLICATE KEY UPDATE stored_events = stored_events + {rows.Count}",
            transaction.Connection,
            transaction
        );
        await count.ExecuteNonQueryAsync();
    }

    private static EventMessage Accept(EventType type, string body) =>
        Draft(type, body).Accept(Interlocked.Increment(ref _traceId), DateTimeOffset.UtcNow);

    private static EventDraft Draft(EventType type, string body) =>
        type.Check(Encoding.UTF8.GetBytes(body), out var error) ?? throw new InvalidOperationException(error);

    /// <summary>Rows that nobody sees until they are committed.</summary>
    public sealed class OpenBatch(MySqlConnection connection, MySqlTransaction transaction) : IAsyncDisposable
    {
        /// <summary>Makes the rows visible.</summary>
        public Task CommitAsync() => transaction.CommitAsync();

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
