using Hangfire.Logging;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>
/// A connection that is kept because named locks live in its session. One thread uses it at a time: the storage connection it belongs to,
/// or the keeper that keeps it from being ended for idleness.
/// </summary>
internal sealed class LockSession(MySqlConnection connection)
{
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly Lock _lock = new();
    private long _usedAt = Environment.TickCount64;
    private volatile bool _lost;

    public bool IsLost => _lost;

    /// <summary>Whether the last command on it ended with an error, so that it is not known what the server did.</summary>
    public bool Failed { get; private set; }

    /// <summary>How many locks live in it.</summary>
    public int Locks { get; set; }

    /// <summary>Runs a command on it; after a lost connection its locks are lost.</summary>
    public T Use<T>(Func<MySqlConnection, T> work)
    {
        lock (_lock)
        {
            try
            {
                Failed = true;
                var result = work(connection);
                Failed = false;
                return result;
            }
            catch (Exception exception) when (SqlFaults.IsConnection(exception))
            {
                _lost = true;
                throw;
            }
            finally
            {
                _usedAt = Environment.TickCount64;
            }
        }
    }

    /// <summary>Asks the server for a sign of life when nobody has used the session for <paramref name="idle"/>.</summary>
    public void KeepAlive(TimeSpan idle)
    {
        // Whoever uses it keeps it alive.
        if (_lost || Environment.TickCount64 - Volatile.Read(ref _usedAt) < idle.TotalMilliseconds || !_lock.TryEnter())
            return;
        try
        {
            if (!connection.Ping())
                throw new InvalidOperationException("The session does not answer.");
            _usedAt = Environment.TickCount64;
        }
        catch (Exception exception) when (exception is MySqlException or InvalidOperationException or IOException)
        {
            _lost = true;
            Logger.ErrorException("The session that holds distributed locks was ended by the server; the locks are lost.", exception);
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Makes the pool forget its idle connections: they are as dead as this one.</summary>
    public void DropPool() => MySqlConnection.ClearPool(connection);

    /// <summary>Gives the connection back to the pool, or ends it when a lock may be left in it.</summary>
    public void Close(bool clean)
    {
        lock (_lock)
        {
            _lost = true;
            if (!clean)
                End();
            connection.Dispose();
        }
    }

    private void End()
    {
        // A session that was told to end must not wait in the pool for its next user.
        MySqlConnection.ClearPool(connection);
        try
        {
            Sql.Command(connection, $"KILL {connection.ServerThread}").Execute();
        }
        catch (Exception exception) when (exception is MySqlException or InvalidOperationException or IOException)
        {
            // The usual outcome: the server ends the session that asks for it before it can answer, or it was gone already.
            Logger.DebugException("A session was ended because a lock may have been left in it.", exception);
        }
    }
}
