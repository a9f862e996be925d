using System.Diagnostics;
using System.Globalization;
using Hangfire.Logging;
using Hangfire.Storage;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>A named lock of a session (<c>GET_LOCK</c>).</summary>
internal sealed class SessionLock(string resource, string name, LockSession session) : HeldLock(resource)
{
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    public override bool IsLost => session.IsLost;
    public override LockSession? Session => session;

    /// <summary>Waits for the lock on a session.</summary>
    /// <exception cref="DistributedLockTimeoutException">It was not free within the time; it is tried at least once.</exception>
    public static SessionLock Acquire(LockSession session, string resource, string name, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var left = timeout - clock.Elapsed;
            // MySQL knows whole seconds only. Slices keep a wait below the limit of a command.
            var seconds = (int)Math.Clamp(left.TotalSeconds, 0, 5);
            if (session.Use(connection => TryTake(connection, name, seconds)))
            {
                session.Locks++;
                return new SessionLock(resource, name, session);
            }
            left = timeout - clock.Elapsed;
            if (left <= TimeSpan.Zero)
                throw new DistributedLockTimeoutException(resource);
            if (seconds == 0)
                Thread.Sleep(Math.Clamp((int)left.TotalMilliseconds, 1, 25));
        }
    }

    /// <summary>Waits for a name up to some seconds; false when it was not free, or when two sessions would have waited for each other.</summary>
    public static bool TryTake(MySqlConnection connection, string name, int seconds)
    {
        using var command = Sql.Command(connection, "SELECT GET_LOCK(@name, @seconds)", ("@name", name), ("@seconds", seconds));
        command.CommandTimeout = seconds + 30;
        try
        {
            var result = command.ExecuteScalar();
            return result is null or DBNull
                ? throw new InvalidOperationException("The server could not give a named lock (GET_LOCK answered NULL).")
                : Convert.ToInt64(result, CultureInfo.InvariantCulture) == 1;
        }
        catch (MySqlException exception) when (SqlFaults.IsLockDeadlock(exception))
        {
            Thread.Sleep(Random.Shared.Next(5, 50));
            return false;
        }
    }

    public override void Release()
    {
        session.Locks--;
        var clean = false;
        try
        {
            if (session.IsLost)
                Logger.Warn($"The distributed lock on '{Resource}' was lost before it was released: its session had ended.");
            else
                clean = session.Use(connection => Sql.Command(connection, "SELECT RELEASE_LOCK(@name)", ("@name", name)).Number()) == 1;
        }
        catch (Exception exception) when (exception is MySqlException or InvalidOperationException or IOException)
        {
            Logger.WarnException($"The distributed lock on '{Resource}' could not be released; its session is ended.", exception);
        }
        if (session.Locks == 0 || !clean)
            session.Close(clean);
    }
}
