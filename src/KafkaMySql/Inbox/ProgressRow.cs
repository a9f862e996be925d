using MySqlConnector;

namespace KafkaMySql;

/// <summary>A row of <c>partition_progress</c>: how far one reader has come in one partition. Its lock is the fence between processes.</summary>
internal sealed record ProgressRow
{
    public required ulong LastSeq { get; init; }

    public required long NextRow { get; init; }

    /// <summary>Where to read on: a hint, since only <see cref="LastSeq"/> decides.</summary>
    public required long NextOffset { get; init; }

    /// <summary>The newest time given to a row; times never fall below it.</summary>
    public required DateTime LastAt { get; init; }

    public required DateTime? StalledAt { get; init; }

    public required long Applied { get; init; }

    public required long Dead { get; init; }

    public required long Parked { get; init; }

    private const string Where = "FROM partition_progress WHERE consumer = @consumer AND partition_no = @partition";
    private const string Columns = "last_seq, next_row, next_offset, last_at, stalled_at, applied, dead, parked";

    /// <summary>Begins a transaction, locks the row until it ends, and reads the database's clock after the lock was had; null when the row is gone.</summary>
    public static async Task<(ProgressRow Row, DateTime Now)?> LockAsync(
        MySqlConnection connection,
        string consumer,
        int partition,
        CancellationToken cancellationToken
    )
    {
        // Inside the locking statement the clock would be the time before the wait; the next statement of the same packet has its own.
        await using var command = Command(
            connection,
            $"START TRANSACTION; SELECT {Columns} {Where} FOR UPDATE; SELECT UTC_TIMESTAMP(6)",
            consumer,
            partition
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            return null;
        var row = Read(reader);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return (row, reader.GetDateTime(0));
    }

    /// <summary>Reads the row as committed; null when it is gone.</summary>
    public static async Task<ProgressRow?> ReadAsync(
        MySqlConnection connection,
        string consumer,
        int partition,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand($"SELECT {Columns} {Where}", connection);
        AddKey(command, consumer, partition);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Read(reader) : null;
    }

    /// <summary>Writes the row back under the lock taken before.</summary>
    public async Task WriteAsync(MySqlConnection connection, string consumer, int partition, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            UPDATE partition_progress SET last_seq = @last, next_row = @row, next_offset = @offset, last_at = @at, stalled_at = @stalled,
              applied = @applied, dead = @dead, parked = @parked WHERE consumer = @consumer AND partition_no = @partition
            """,
            consumer,
            partition
        );
        command.Parameters.AddWithValue("@last", LastSeq);
        command.Parameters.AddWithValue("@row", NextRow);
        command.Parameters.AddWithValue("@offset", NextOffset);
        command.Parameters.AddWithValue("@at", LastAt);
        command.Parameters.AddWithValue("@stalled", StalledAt);
        command.Parameters.AddWithValue("@applied", Applied);
        command.Parameters.AddWithValue("@dead", Dead);
        command.Parameters.AddWithValue("@parked", Parked);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says since when the reader stands and where, or that it does not; changes nothing where that is said already.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="consumer">The reader.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="standsAt">The partition's end, at which it stands; null when it does not stand.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task SetStalledAsync(
        MySqlConnection connection,
        string consumer,
        int partition,
        long? standsAt,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand(
            standsAt is not null
                ? "UPDATE partition_progress SET stalled_at = COALESCE(stalled_at, UTC_TIMESTAMP(6)), next_offset = @offset "
                    + "WHERE consumer = @consumer AND partition_no = @partition AND (stalled_at IS NULL OR next_offset <> @offset)"
                : "UPDATE partition_progress SET stalled_at = NULL WHERE consumer = @consumer AND partition_no = @partition AND stalled_at IS NOT NULL",
            connection
        );
        command.Parameters.AddWithValue("@offset", standsAt);
        AddKey(command, consumer, partition);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static ProgressRow Read(MySqlDataReader reader) =>
        new()
        {
            LastSeq = reader.GetUInt64(0),
            NextRow = reader.GetInt64(1),
            NextOffset = reader.GetInt64(2),
            LastAt = reader.GetDateTime(3),
            StalledAt = reader.IsDBNull(4) ? null : reader.GetDateTime(4),
            Applied = reader.GetInt64(5),
            Dead = reader.GetInt64(6),
            Parked = reader.GetInt64(7),
        };

    private static MySqlCommand Command(MySqlConnection connection, string sql, string consumer, int partition)
    {
        var command = new MySqlCommand(sql, connection);
        AddKey(command, consumer, partition);
        return command;
    }

    private static void AddKey(MySqlCommand command, string consumer, int partition)
    {
        command.Parameters.AddWithValue("@consumer", consumer);
        command.Parameters.AddWithValue("@partition", partition);
    }
}
