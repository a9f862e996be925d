namespace Hangfire.MySql.Engine;

/// <summary>A distributed lock for work that one process of a storage does at a time.</summary>
internal sealed class Exclusive : IDisposable
{
    private readonly ConnectionLocks _locks;

    private Exclusive(ConnectionLocks locks) => _locks = locks;

    /// <summary>Enters at once; null when another is inside.</summary>
    public static Exclusive? TryEnter(MySqlDatabase database, LockKeeper keeper, string what)
    {
        var locks = new ConnectionLocks(database, keeper);
        try
        {
            locks.Acquire(what, TimeSpan.Zero);
            return new Exclusive(locks);
        }
        catch (Storage.DistributedLockTimeoutException)
        {
            locks.Dispose();
            return null;
        }
    }

    public void Dispose() => _locks.Dispose();
}
