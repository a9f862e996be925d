using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>Reads all partitions' progress in one statement; whoever asks within a second shares the answer.</summary>
internal sealed class InboxProgress(InboxOptions options, InboxSetup setup, TimeProvider clock, ILogger logger)
    : IInboxProgress,
        IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly WriterConnection _connection = new(options.ConnectionString, $"{options.Consumer}, progress", clock, logger);
    private Task<ReaderProgress>? _reading;
    private long _startedAt;
    private long _reads;

    /// <summary>How often the database was asked.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    public Task<ReaderProgress> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A failure is shared as well: a database that is down is not asked more often than one that is up.
            if (_reading is null || (_reading.IsCompleted && clock.GetElapsedTime(_startedAt) >= Pause))
            {
                _startedAt = clock.GetTimestamp();
                // Not the caller's token: one who gives up must not take the answer away from the others.
                _reading = Task.Run(() => ReadNowAsync(CancellationToken.None), CancellationToken.None);
            }
            return _reading.WaitAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<ReaderProgress> ReadNowAsync(CancellationToken cancellationToken)
    {
        await setup.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var rows = await RowsAsync(cancellationToken).ConfigureAwait(false);
        if (rows.Count < options.Partitions)
        {
            // The database was emptied or put back while it was read: what is missing begins again at 0.
            setup.Forget();
            await setup.EnsureAsync(cancellationToken).ConfigureAwait(false);
            rows = await RowsAsync(cancellationToken).ConfigureAwait(false);
        }
        return new ReaderProgress(options.Log, options.Consumer, rows);
    }

    private async Task<List<PartitionProgress>> RowsAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        try
        {
            return await _connection.UseAsync(ReadRowsAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlException exception) when (exception.ErrorCode is MySqlErrorCode.NoSuchTable)
        {
            return [];
        }
    }

    private async Task<List<PartitionProgress>> ReadRowsAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            "SELECT partition_no, last_seq, stalled_at FROM partition_progress WHERE consumer = @consumer AND partition_no < @partitions ORDER BY partition_no",
            connection
        );
        command.Parameters.AddWithValue("@consumer", options.Consumer);
        command.Parameters.AddWithValue("@partitions", options.Partitions);
        var rows = new List<PartitionProgress>(options.Partitions);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            DateTimeOffset? stalledAt = reader.IsDBNull(2) ? null : new DateTimeOffset(reader.GetDateTime(2), TimeSpan.Zero);
            rows.Add(new PartitionProgress(reader.GetUInt16(0), reader.GetUInt64(1), stalledAt));
        }
        return rows;
    }
}
