using System.Globalization;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>The inbox's own tables: created where missing, never dropped, and filled with the rows that must be there before reading begins.</summary>
internal static class InboxSchema
{
    /// <summary>The version of the tables this code works with; a newer one in the database is refused.</summary>
    public const int Version = 1;

    private const string Name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL";
    private const string TraceId = "VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL";
    private const string Text = "CHARACTER SET utf8mb4";

    private static readonly string[] Tables =
    [
        $"""
            CREATE TABLE IF NOT EXISTS inbox_setting (
              consumer {Name}, name {Name}, value VARCHAR(255) {Text} NOT NULL, at DATETIME(6) NOT NULL,
              PRIMARY KEY (consumer, name)) ENGINE=InnoDB
            """,
        $"""
            CREATE TABLE IF NOT EXISTS partition_progress (
              consumer {Name}, partition_no SMALLINT UNSIGNED NOT NULL,
              last_seq BIGINT UNSIGNED NOT NULL DEFAULT 0, next_row BIGINT NOT NULL DEFAULT 1, next_offset BIGINT NOT NULL DEFAULT 0,
              last_at DATETIME(6) NOT NULL DEFAULT '1970-01-01 00:00:00', stalled_at DATETIME(6) NULL,
              applied BIGINT NOT NULL DEFAULT 0, dead BIGINT NOT NULL DEFAULT 0, parked BIGINT NOT NULL DEFAULT 0,
              PRIMARY KEY (consumer, partition_no)) ENGINE=InnoDB
            """,
            // seq is null for foreign records and value_hash for own ones, so that each unique key holds for its own kind alone.
            $"""
            CREATE TABLE IF NOT EXISTS dead_letter (
              id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, consumer {Name}, partition_no SMALLINT UNSIGNED NOT NULL,
              seq BIGINT UNSIGNED NULL, topic_offset BIGINT NOT NULL, value_hash BINARY(16) NULL,
              trace_id {TraceId}, type_id SMALLINT UNSIGNED NULL, reason VARCHAR(1000) {Text} NOT NULL,
              raw_key MEDIUMBLOB NULL, raw_value MEDIUMBLOB NULL, raw_headers MEDIUMBLOB NULL, raw_day DATE NULL,
              at DATETIME(6) NOT NULL, closed_at DATETIME(6) NULL,
              PRIMARY KEY (id), UNIQUE KEY dead_letter_own (consumer, partition_no, seq),
              UNIQUE KEY dead_letter_foreign (consumer, partition_no, topic_offset, value_hash),
              KEY dead_letter_at (consumer, partition_no, at), KEY dead_letter_raw (consumer, partition_no, raw_day)) ENGINE=InnoDB
            """,
        $"""
            CREATE TABLE IF NOT EXISTS parked (
              consumer {Name}, partition_no SMALLINT UNSIGNED NOT NULL, seq BIGINT UNSIGNED NOT NULL, topic_offset BIGINT NOT NULL,
              type VARCHAR(255) {Text} NOT NULL, trace_id {TraceId},
              raw_key MEDIUMBLOB NULL, raw_value MEDIUMBLOB NULL, raw_headers MEDIUMBLOB NULL,
              record_at DATETIME(6) NOT NULL, at DATETIME(6) NOT NULL,
              PRIMARY KEY (consumer, partition_no, seq)) ENGINE=InnoDB
            """,
        $"""
            CREATE TABLE IF NOT EXISTS expired (
              consumer {Name}, partition_no SMALLINT UNSIGNED NOT NULL, before_seq BIGINT UNSIGNED NOT NULL,
              after_seq BIGINT UNSIGNED NOT NULL, at DATETIME(6) NOT NULL,
              PRIMARY KEY (consumer, partition_no, before_seq)) ENGINE=InnoDB
            """,
    ];

    /// <summary>Makes tables and rows; does nothing where they are.</summary>
    /// <exception cref="InboxSetupException">They were made for other settings or by a newer version.</exception>
    public static async Task EnsureAsync(MySqlConnection connection, InboxOptions options, CancellationToken cancellationToken)
    {
        // Concurrent CREATE TABLE IF NOT EXISTS is safe, concurrent upgrades would not be. The lock's name is the server's, hence the database in it.
        await TakeLockAsync(connection, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var table in Tables)
                await ExecuteAsync(connection, table, cancellationToken).ConfigureAwait(false);
            await AgreeAsync(connection, options, cancellationToken).ConfigureAwait(false);
            await AddRowsAsync(connection, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // On a lost connection the lock is gone with it.
            if (connection.State is System.Data.ConnectionState.Open)
                await ExecuteAsync(connection, "DO RELEASE_LOCK(LEFT(CONCAT('inbox:', DATABASE()), 64))", CancellationToken.None)
                    .ConfigureAwait(false);
        }
    }

    private static async Task TakeLockAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand("SELECT GET_LOCK(LEFT(CONCAT('inbox:', DATABASE()), 64), 5)", connection);
        var got = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        if (Convert.ToInt64(got ?? 0L, CultureInfo.InvariantCulture) != 1)
            throw new TimeoutException("Another process has been making the inbox's tables for 5 s.");
    }

    private static async Task AgreeAsync(MySqlConnection connection, InboxOptions options, CancellationToken cancellationToken)
    {
        var version = await WriteDownAsync(connection, "", "version", Number(Version), cancellationToken).ConfigureAwait(false);
        if (int.Parse(version, CultureInfo.InvariantCulture) > Version)
            throw new InboxSetupException(
                $"The inbox's tables have version {version}, this program knows {Version}: start a newer program."
            );
        var partitions = await WriteDownAsync(connection, options.Consumer, "partitions", Number(options.Partitions), cancellationToken)
            .ConfigureAwait(false);
        if (partitions != Number(options.Partitions))
            throw new InboxSetupException(
                $"'{options.Consumer}' has read {partitions} partitions so far and the setting says {options.Partitions}: events would lose their place. Set Inbox:Partitions={partitions}."
            );
        var log = await WriteDownAsync(connection, options.Consumer, "log", options.Log, cancellationToken).ConfigureAwait(false);
        if (log != options.Log)
            throw new InboxSetupException(
                $"'{options.Consumer}' has read the log '{log}' so far and the setting says '{options.Log}', whose numbers mean other events. Set Inbox:Log={log}, or take a new database."
            );
    }

    private static async Task<string> WriteDownAsync(
        MySqlConnection connection,
        string consumer,
        string name,
        string value,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand(
            """
            INSERT INTO inbox_setting (consumer, name, value, at) SELECT @consumer, @name, @value, UTC_TIMESTAMP(6) FROM DUAL
              WHERE NOT EXISTS (SELECT 1 FROM inbox_setting s WHERE s.consumer = @consumer AND s.name = @name);
            SELECT value FROM inbox_setting WHERE consumer = @consumer AND name = @name
            """,
            connection
        );
        command.Parameters.AddWithValue("@consumer", consumer);
        command.Parameters.AddWithValue("@name", name);
        command.Parameters.AddWithValue("@value", value);
        return (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task AddRowsAsync(MySqlConnection connection, InboxOptions options, CancellationToken cancellationToken)
    {
        var there = new HashSet<int>();
        await using (var command = new MySqlCommand("SELECT partition_no FROM partition_progress WHERE consumer = @consumer", connection))
        {
            command.Parameters.AddWithValue("@consumer", options.Consumer);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                there.Add(reader.GetUInt16(0));
        }
        foreach (
            var partition in Enumerable.Range(0, options.Partitions).Append(InboxOptions.DirectPartition).Where(p => !there.Contains(p))
        )
        {
            await using var command = new MySqlCommand(
                "INSERT INTO partition_progress (consumer, partition_no) VALUES (@consumer, @partition)",
                connection
            );
            command.Parameters.AddWithValue("@consumer", options.Consumer);
            command.Parameters.AddWithValue("@partition", partition);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
