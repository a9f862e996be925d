using System.Collections.Concurrent;
using Hangfire.Logging;

namespace Hangfire.MySql.Engine;

/// <summary>
/// Keeps the locks of this process alive, in servers and in clients alike: a session would be ended for idleness while a long job runs, and
/// a row's lease would run out.
/// </summary>
internal sealed class LockKeeper : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan IdleSession = TimeSpan.FromSeconds(30);

    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly ConcurrentDictionary<HeldLock, bool> _locks = new();
    private readonly Timer _timer;
    private int _running;

    public LockKeeper() => _timer = new Timer(_ => Look(IdleSession), null, Interval, Interval);

    public void Add(HeldLock held) => _locks[held] = true;

    public void Remove(HeldLock held) => _locks.TryRemove(held, out _);

    /// <summary>Renews rows, and asks sessions that were idle for that long for a sign of life.</summary>
    public void Look(TimeSpan idle)
    {
        // A slow database must not make looks pile up.
        if (Interlocked.Exchange(ref _running, 1) == 1)
            return;
        try
        {
            foreach (var held in _locks.Keys)
            {
                try
                {
                    held.Session?.KeepAlive(idle);
                    (held as TableLock)?.Renew();
                }
                catch (Exception exception)
                {
                    // On a timer's thread an exception would end the process; the other locks are to be kept, and this one is tried again.
                    Logger.ErrorException($"The distributed lock on '{held.Resource}' could not be kept alive.", exception);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    public void Dispose() => _timer.Dispose();
}
