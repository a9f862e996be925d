using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>
/// The locks of one storage connection. While one is held, all operations go through the session that owns the newest: if that session is
/// gone, so is the lock, and the operation fails instead of being done without it.
/// </summary>
internal sealed class ConnectionLocks(MySqlDatabase database, LockKeeper keeper) : IDisposable
{
    private readonly List<HeldLock> _held = [];

    public IDisposable Acquire(string resource, TimeSpan timeout)
    {
        if (string.IsNullOrWhiteSpace(resource))
            throw new ArgumentNullException(nameof(resource));
        if (timeout < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A lock cannot be waited for less than no time.");
        var held = _held.Find(candidate => candidate.Resource == resource && !candidate.IsLost);
        if (held is not null)
        {
            held.Count++;
            return new Handle(this, held);
        }
        held = Take(resource, timeout);
        _held.Add(held);
        keeper.Add(held);
        return new Handle(this, held);
    }

    /// <summary>Runs work that may be repeated while no lock is held.</summary>
    public T Run<T>(Func<MySqlConnection, T> work)
    {
        if (Innermost is not { } session)
            return database.Run(work);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return session.Use(work);
            }
            catch (Exception exception) when (attempt < MySqlDatabase.Attempts && SqlFaults.IsContention(exception))
            {
                MySqlDatabase.Pause(attempt);
            }
        }
    }

    /// <summary>Runs work once.</summary>
    public T RunOnce<T>(Func<MySqlConnection, T> work)
    {
        if (Innermost is { } session)
            return session.Use(work);
        using var connection = database.Open();
        try
        {
            return work(connection);
        }
        catch (Exception exception) when (SqlFaults.IsConnection(exception))
        {
            MySqlConnection.ClearPool(connection);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var held in Enumerable.Reverse(_held))
            GiveBack(held);
        _held.Clear();
    }

    private LockSession? Innermost
    {
        get
        {
            if (_held.Count == 0)
                return null;
            var newest = _held[^1];
            return newest.IsLost ? throw new DistributedLockLostException(newest.Resource) : newest.Session;
        }
    }

    private HeldLock Take(string resource, TimeSpan timeout)
    {
        var name = LockName.For(database.Name, database.Tables.Prefix, resource);
        if (database.Options.DistributedLockMode == DistributedLockMode.Table)
            return TableLock.Acquire(database, resource, name, timeout);
        // One session holds all locks of a connection; a lost one is left alone, so that the next lock has a living one.
        var session = _held.FindLast(held => !held.IsLost)?.Session;
        if (session is not null)
            return SessionLock.Acquire(session, resource, name, timeout);

        for (var attempt = 1; ; attempt++)
        {
            session = new LockSession(database.Open());
            var taken = false;
            try
            {
                var held = SessionLock.Acquire(session, resource, name, timeout);
                taken = true;
                return held;
            }
            catch (Exception exception) when (attempt < 3 && SqlFaults.IsConnection(exception))
            {
                // The server had ended the idle connection; no lock was had, so another is taken.
                session.DropPool();
            }
            finally
            {
                // A wait that timed out leaves nothing behind; after any other error the lock may be in the session.
                if (!taken)
                    session.Close(clean: !session.IsLost && session.Locks == 0 && !session.Failed);
            }
        }
    }

    private void Release(HeldLock held)
    {
        if (--held.Count > 0)
            return;
        // Nothing to do when the connection was disposed of first.
        if (_held.Remove(held))
            GiveBack(held);
    }

    private void GiveBack(HeldLock held)
    {
        keeper.Remove(held);
        held.Release();
    }

    private sealed class Handle(ConnectionLocks locks, HeldLock held) : IDisposable
    {
        private bool _disposed;

        public void Dispose()
        {
            if (_disposed)
                return;
            _disposed = true;
            locks.Release(held);
        }
    }
}
