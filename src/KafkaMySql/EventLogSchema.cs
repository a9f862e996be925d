using MySqlConnector;

namespace KafkaMySql;

/// <summary>
/// The log's tables. They are created when missing, under a named lock, so that many processes may start at once; a statement here
/// never drops or empties anything. The number of partitions is written down once and never changes afterwards.
/// </summary>
internal static class EventLogSchema
{
    public const int Version = 1;
    public const int NodeNumbers = 64;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS event_log_setting (
            name VARCHAR(32) NOT NULL PRIMARY KEY,
            value BIGINT UNSIGNED NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARACTER SET ascii COLLATE ascii_bin;
        CREATE TABLE IF NOT EXISTS event_log (
            partition_no SMALLINT UNSIGNED NOT NULL,
            seq BIGINT UNSIGNED NOT NULL,
            after_seq BIGINT UNSIGNED NOT NULL,
            trace_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            type_id SMALLINT UNSIGNED NOT NULL,
            key_bytes VARBINARY(256) NOT NULL,
            value MEDIUMBLOB NOT NULL,
            headers BLOB NULL,
            digest BIGINT UNSIGNED NOT NULL,
            accepted_at DATETIME(6) NOT NULL,
            PRIMARY KEY (partition_no, seq)
        ) ENGINE=InnoDB DEFAULT CHARACTER SET ascii COLLATE ascii_bin;
        CREATE TABLE IF NOT EXISTS idempotency (
            id BINARY(32) NOT NULL PRIMARY KEY,
            body_hash BINARY(32) NOT NULL,
            trace_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            partition_no SMALLINT UNSIGNED NOT NULL,
            seq BIGINT UNSIGNED NOT NULL,
            at DATETIME(6) NOT NULL,
            KEY idempotency_at (at)
        ) ENGINE=InnoDB DEFAULT CHARACTER SET ascii COLLATE ascii_bin;
        CREATE TABLE IF NOT EXISTS partition_head (
            partition_no SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
            last_seq BIGINT UNSIGNED NOT NULL,
            next_seq BIGINT UNSIGNED NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARACTER SET ascii COLLATE ascii_bin;
        CREATE TABLE IF NOT EXISTS relay (
            partition_no SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
            owner SMALLINT UNSIGNED NULL,
            sent_seq BIGINT UNSIGNED NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARACTER SET ascii COLLATE ascii_bin;
        CREATE TABLE IF NOT EXISTS relay_node (
            node_no SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
            url VARCHAR(255) NOT NULL,
            seen_at DATETIME(6) NOT NULL,
            last_trace_id BIGINT UNSIGNED NOT NULL,
            readers_hash BIGINT UNSIGNED NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARACTER SET ascii COLLATE ascii_bin
        """;

    /// <exception cref="EventLogSchemaException">The database was set up by a newer version, or for another number of partitions.</exception>
    public static async Task EnsureAsync(MySqlConnection connection, int partitions, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(connection, cancellationToken).ConfigureAwait(false) is { } found)
        {
            Check(found, partitions);
            return;
        }

        var lockName = $"event_log_schema.{connection.Database}";
        lockName = lockName.Length <= 64 ? lockName : lockName[..64];
        if (await ScalarAsync(connection, "SELECT GET_LOCK(@name, 6)", lockName, cancellationToken).ConfigureAwait(false) != 1)
            throw new TimeoutException("Another process holds the lock on the event log's schema.");
        try
        {
            await CreateAsync(connection, partitions, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ScalarAsync(connection, "SELECT RELEASE_LOCK(@name)", lockName, CancellationToken.None).ConfigureAwait(false);
        }

        Check((await TryReadAsync(connection, cancellationToken).ConfigureAwait(false))!.Value, partitions);
    }

    private static async Task CreateAsync(MySqlConnection connection, int partitions, CancellationToken cancellationToken)
    {
        using var tables = connection.CreateCommand();
        tables.CommandText = Tables;
        tables.CommandTimeout = 60;
        await tables.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        if (await TryReadAsync(connection, cancellationToken).ConfigureAwait(false) is not null)
            return;

        using var rows = connection.CreateCommand();
        rows.CommandText =
            "START TRANSACTION; "
            // Rows that are there stay as they are: a head that went back to the start would break the chain.
            + $"INSERT INTO partition_head VALUES {Rows(partitions, "0, 1")} ON DUPLICATE KEY UPDATE last_seq = last_seq; "
            + $"INSERT INTO relay VALUES {Rows(partitions, "NULL, 0")} ON DUPLICATE KEY UPDATE sent_seq = sent_seq; "
            + $"INSERT INTO relay_node VALUES {Rows(NodeNumbers, "'', '2000-01-01', 0, 0")} ON DUPLICATE KEY UPDATE url = url; "
            + $"REPLACE INTO event_log_setting VALUES ('version', {Version}), ('partitions', {partitions}); "
            + "COMMIT";
        await rows.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string Rows(int count, string columns) =>
        string.Join(", ", Enumerable.Range(0, count).Select(number => $"({number}, {columns})"));

    private static void Check((ulong Version, ulong Partitions) found, int partitions)
    {
        if (found.Version > Version)
            throw new EventLogSchemaException(
                $"The event log's tables have version {found.Version}, this program knows {Version}: start the newer program."
            );
        if (found.Partitions != (ulong)partitions)
            throw new EventLogSchemaException(
                $"The event log was set up for {found.Partitions} partitions and Outbox:Partitions says {partitions}. "
                    + "An event's partition follows from its key, so the number cannot change: set it back."
            );
    }

    private static async Task<(ulong Version, ulong Partitions)?> TryReadAsync(
        MySqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                "SELECT (SELECT value FROM event_log_setting WHERE name = 'version'), (SELECT value FROM event_log_setting WHERE name = 'partitions')";
            using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return reader.IsDBNull(0) || reader.IsDBNull(1) ? null : (reader.GetUInt64(0), reader.GetUInt64(1));
        }
        catch (MySqlException failure) when (failure.ErrorCode == MySqlErrorCode.NoSuchTable)
        {
            return null;
        }
    }

    private static async Task<long?> ScalarAsync(MySqlConnection connection, string sql, string name, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@name", name);
        var value = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        return value is null or DBNull ? null : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
