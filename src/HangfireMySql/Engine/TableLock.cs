using System.Diagnostics;
using Hangfire.Logging;
using Hangfire.Storage;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>A lock that is a row with an owner and an end; the keeper moves the end on, and only the owner deletes the row.</summary>
internal sealed class TableLock : HeldLock
{
    /// <summary>How long a lock outlives a holder that gives no sign of life.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly MySqlDatabase _database;
    private readonly string _name;
    private readonly long _owner = Token.Next();
    private long _renewedAt = Environment.TickCount64;
    private volatile bool _lost;

    private TableLock(MySqlDatabase database, string resource, string name)
        : base(resource)
    {
        _database = database;
        _name = name;
    }

    // Without a word from the database for the whole lease, another may have it by now.
    public override bool IsLost => _lost || Environment.TickCount64 - Volatile.Read(ref _renewedAt) > Lease.TotalMilliseconds;
    public override LockSession? Session => null;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="DistributedLockTimeoutException">It was not free within the time; it is tried at least once.</exception>
    public static TableLock Acquire(MySqlDatabase database, string resource, string name, TimeSpan timeout)
    {
        var taken = new TableLock(database, resource, name);
        var clock = Stopwatch.StartNew();
        for (var pause = 10; ; pause = Math.Min(pause * 2, 250))
        {
            if (taken.TryTake())
                return taken;
            var left = timeout - clock.Elapsed;
            if (left <= TimeSpan.Zero)
                throw new DistributedLockTimeoutException(resource);
            Thread.Sleep(Math.Clamp(Random.Shared.Next(pause / 2, pause), 1, Math.Max(1, (int)left.TotalMilliseconds)));
        }
    }

    /// <summary>Moves the end on; a row that is no longer ours is a lost lock.</summary>
    public void Renew()
    {
        if (_lost)
            return;
        var before = Environment.TickCount64;
        try
        {
            var rows = _database.Run(connection =>
                Command(
                        connection,
                        $"UPDATE {_database.Tables.DistributedLock} SET expires_at = {Sql.Now} + INTERVAL @lease MICROSECOND WHERE resource = @name AND owner = @owner"
                    )
                    .Execute()
            );
            if (rows == 1)
                Volatile.Write(ref _renewedAt, before);
            else
                Lose();
        }
        catch (Exception exception) when (SqlFaults.IsConnection(exception) || exception is MySqlException)
        {
            Logger.WarnException($"The distributed lock on '{Resource}' could not be kept alive; it is tried again.", exception);
        }
    }

    public override void Release()
    {
        try
        {
            var rows = _database.Run(connection =>
                Command(connection, $"DELETE FROM {_database.Tables.DistributedLock} WHERE resource = @name AND owner = @owner").Execute()
            );
            if (rows == 0)
                Logger.Warn($"The distributed lock on '{Resource}' was lost before it was released: its lease had run out.");
        }
        catch (Exception exception) when (SqlFaults.IsConnection(exception) || exception is MySqlException)
        {
            Logger.WarnException(
                $"The distributed lock on '{Resource}' could not be released; it ends by itself in {Lease.TotalSeconds} s.",
                exception
            );
        }
    }

    private bool TryTake()
    {
        var before = Environment.TickCount64;
        // The owner changes only when the row is new or its lease has run out; the end changes only for its owner.
        var owner = _database.Run(connection =>
            Command(
                    connection,
                    $"""
                    INSERT INTO {_database.Tables.DistributedLock} (resource, owner, expires_at) VALUES (@name, @owner, {Sql.Now} + INTERVAL @lease MICROSECOND)
                    ON DUPLICATE KEY UPDATE owner = IF(expires_at < {Sql.Now}, VALUES(owner), owner),
                      expires_at = IF(owner = VALUES(owner), VALUES(expires_at), expires_at);
                    SELECT owner FROM {_database.Tables.DistributedLock} WHERE resource = @name
                    """
                )
                .Number()
        );
        if (owner != _owner)
            return false;
        _renewedAt = before;
        return true;
    }

    private MySqlCommand Command(MySqlConnection connection, string text) =>
        Sql.Command(connection, text, ("@name", _name), ("@owner", _owner), ("@lease", Sql.Microseconds(Lease)));

    private void Lose()
    {
        _lost = true;
        Logger.Error($"The distributed lock on '{Resource}' is lost: its lease had run out and another took it.");
    }
}
