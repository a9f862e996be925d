using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>
/// One connection of a writer, outside the pool. A process that freezes or vanishes inside a transaction keeps its row locks until the
/// server ends its session, eight hours by default; this session is ended after five seconds of silence, so it is pinged when idle.
/// It opens by itself, comes back with jittered back-off and says so once per change of state.
/// </summary>
internal sealed class WriterConnection : IAsyncDisposable
{
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(2);
    private readonly string _connectionString;
    private readonly string _name;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Func<MySqlConnection, CancellationToken, Task>? _opened;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly BackOff _backOff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
    private readonly Lazy<Task> _keepAlive;
    private MySqlConnection? _connection;
    private long _lastUsed;
    private long _retryAt;
    private Exception? _lastFailure;
    private volatile ConnectionHealth _health = new(false, null, "not connected yet");

    /// <param name="connectionString">The database; pooling and time-outs are set here.</param>
    /// <param name="name">Who uses the connection, for logs.</param>
    /// <param name="clock">Clock and timers.</param>
    /// <param name="logger">Where changes of state go.</param>
    /// <param name="opened">Runs on every new connection before anyone may use it; a connection it fails on counts as not open.</param>
    public WriterConnection(
        string connectionString,
        string name,
        TimeProvider clock,
        ILogger logger,
        Func<MySqlConnection, CancellationToken, Task>? opened = null
    )
    {
        _connectionString = new MySqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            ConnectionTimeout = 4,
            // Longer than the session waits for a lock, so that the server's own answer comes first.
            DefaultCommandTimeout = 8,
            CancellationTimeout = 2,
            UseAffectedRows = false,
        }.ConnectionString;
        _name = name;
        _clock = clock;
        _logger = logger;
        _opened = opened;
        _keepAlive = new Lazy<Task>(() => Task.Run(KeepAliveAsync));
    }

    /// <summary>Rises with every new connection; 0 before the first.</summary>
    public long Generation { get; private set; }

    public ConnectionHealth Health => _health;

    /// <summary>Begins to connect, and to stay connected, without waiting for it.</summary>
    public void Start() => _ = _keepAlive.Value;

    /// <summary>
    /// Runs <paramref name="work"/> alone on the connection, opening it first if need be. When it fails the transaction is rolled back,
    /// or the connection given up, before the failure goes on to the caller.
    /// </summary>
    /// <exception cref="ConnectionUnavailableException">The connection is down and waits for its next try.</exception>
    public async Task<T> UseAsync<T>(Func<MySqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        Start();
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var result = await work(connection, cancellationToken).ConfigureAwait(false);
                _lastUsed = _clock.GetTimestamp();
                return result;
            }
            catch (Exception failure)
            {
                await CleanUpAsync(connection, failure).ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc cref="UseAsync{T}"/>
    public Task UseAsync(Func<MySqlConnection, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        UseAsync(
            async (connection, cancel) =>
            {
                await work(connection, cancel).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    /// <summary>Completes when the connection is open, however long that takes.</summary>
    public async Task WaitUntilOpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await UseAsync((_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Said in the log by the change of state; here only waited out.
                await Task.Delay(UntilRetry(), _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_keepAlive.IsValueCreated)
            await _keepAlive.Value.ConfigureAwait(false);
        await _gate.WaitAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        _stop.Dispose();
        _gate.Dispose();
    }

    private TimeSpan UntilRetry()
    {
        var ticks = Volatile.Read(ref _retryAt) - _clock.GetTimestamp();
        return ticks <= 0 ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromSeconds((double)ticks / _clock.TimestampFrequency);
    }

    private async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        if (_connection is { State: System.Data.ConnectionState.Open } open)
            return open;
        if (_connection is not null)
            await LostAsync(new IOException("The server closed the connection.")).ConfigureAwait(false);
        if (_lastFailure is not null && _clock.GetTimestamp() < _retryAt)
            throw new ConnectionUnavailableException($"The database connection of {_name} is down.", UntilRetry(), _lastFailure);

        var connection = new MySqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await SetUpSessionAsync(connection, cancellationToken).ConfigureAwait(false);
            if (_opened is not null)
                await _opened(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (failure is not OperationCanceledException)
                WentDown(failure);
            throw;
        }

        _connection = connection;
        _lastUsed = _clock.GetTimestamp();
        Generation++;
        CameUp();
        return connection;
    }

    private static async Task SetUpSessionAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; "
            + "SET SESSION wait_timeout=5, net_read_timeout=5, innodb_lock_wait_timeout=4, time_zone='+00:00', "
            + "sql_mode='STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"
            // MariaDB also ends a session that is silent inside a transaction on its own clock.
            + (IsMariaDb(connection) ? "; SET SESSION idle_write_transaction_timeout=5" : "");
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    internal static bool IsMariaDb(MySqlConnection connection) =>
        connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);

    private async Task CleanUpAsync(MySqlConnection connection, Exception failure)
    {
        if (failure is OperationCanceledException)
        {
            // What the server was doing is not known, and the caller does not wait for it: a new connection is the sure way.
            await CloseAsync().ConfigureAwait(false);
            return;
        }

        if (
            connection.State != System.Data.ConnectionState.Open
            || SqlFaults.Classify(failure) == SqlFault.ConnectionLost
            || IsAnotherDatabase(failure)
        )
        {
            await LostAsync(failure).ConfigureAwait(false);
            return;
        }

        try
        {
            using var rollback = connection.CreateCommand();
            rollback.CommandText = "ROLLBACK";
            rollback.CommandTimeout = 2;
            await rollback.ExecuteNonQueryAsync(_stop.Token).ConfigureAwait(false);
            _lastUsed = _clock.GetTimestamp();
        }
        catch (Exception second) when (second is MySqlException or IOException or InvalidOperationException or OperationCanceledException)
        {
            await LostAsync(second).ConfigureAwait(false);
        }
    }

    // The tables were there when the connection was opened: someone emptied or restored the database beneath it, so start over.
    private static bool IsAnotherDatabase(Exception failure) =>
        failure
            is MySqlException
            {
                ErrorCode: MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownDatabase or MySqlErrorCode.NoDatabaseSelected
            };

    private async Task LostAsync(Exception failure)
    {
        await CloseAsync().ConfigureAwait(false);
        WentDown(failure);
        // A connection that was good may be opened again at once: most often one session was ended, not the server.
        if (_backOff.Failures == 1)
            Volatile.Write(ref _retryAt, _clock.GetTimestamp());
    }

    private async Task CloseAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        _health = _health with { IsOpen = false };
        try
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is MySqlException or IOException or InvalidOperationException)
        {
            // It was given up; that it does not even close is of no further interest.
            _logger.ConnectionCloseFailed(_name, failure);
        }
    }

    private void WentDown(Exception failure)
    {
        _lastFailure = failure;
        if (_health.DownSince is null)
        {
            _logger.ConnectionDown(_name, failure.GetBaseException().Message);
            _health = new ConnectionHealth(false, _clock.GetUtcNow(), failure.GetBaseException().Message);
        }
        else
        {
            _health = _health with { IsOpen = false, Reason = failure.GetBaseException().Message };
        }

        Volatile.Write(ref _retryAt, _clock.GetTimestamp() + (long)(_backOff.Next().TotalSeconds * _clock.TimestampFrequency));
    }

    private void CameUp()
    {
        if (_health.DownSince is { } since)
            _logger.ConnectionUp(_name, (_clock.GetUtcNow() - since).TotalSeconds);
        _lastFailure = null;
        _backOff.Reset();
        _health = new ConnectionHealth(true, null, null);
    }

    private async Task KeepAliveAsync()
    {
        try
        {
            while (true)
            {
                await TendAsync().ConfigureAwait(false);
                var pause = _health.IsOpen ? PingAfter / 2 : UntilRetry();
                await Task.Delay(pause > PingAfter ? PingAfter : pause, _clock, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the connection's life.
        }
    }

    private async Task TendAsync()
    {
        if (!await _gate.WaitAsync(TimeSpan.Zero, _stop.Token).ConfigureAwait(false))
            return; // In use: no ping needed.
        try
        {
            if (_connection is null)
                await OpenAsync(_stop.Token).ConfigureAwait(false);
            else if (_clock.GetElapsedTime(_lastUsed) >= PingAfter - TimeSpan.FromMilliseconds(100))
                await PingAsync(_connection).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            // The change of state is in the log; the next round tries again.
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task PingAsync(MySqlConnection connection)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(2));
        if (await connection.PingAsync(timeout.Token).ConfigureAwait(false))
            _lastUsed = _clock.GetTimestamp();
        else
            await LostAsync(new IOException("The server does not answer a ping.")).ConfigureAwait(false);
    }
}
