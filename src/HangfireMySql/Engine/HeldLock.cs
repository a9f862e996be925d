namespace Hangfire.MySql.Engine;

/// <summary>A distributed lock that one storage connection holds, perhaps several times over.</summary>
internal abstract class HeldLock(string resource)
{
    public string Resource { get; } = resource;

    /// <summary>How many times it was acquired and not yet released.</summary>
    public int Count { get; set; } = 1;

    /// <summary>Whether the database ended it while it was held.</summary>
    public abstract bool IsLost { get; }

    /// <summary>The session that owns it; null where a lock is a row.</summary>
    public abstract LockSession? Session { get; }

    /// <summary>Gives it back. Does not throw.</summary>
    public abstract void Release();
}
