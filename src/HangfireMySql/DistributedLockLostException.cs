namespace Hangfire.MySql;

/// <summary>
/// The database ended a distributed lock while it was held: its session was killed, or its row was not kept alive in time. Others may hold
/// it by now, so what was to be done under it is not done.
/// </summary>
public sealed class DistributedLockLostException : Exception
{
    /// <summary>Tells that the lock on <paramref name="resource"/> is gone.</summary>
    public DistributedLockLostException(string resource)
        : base($"The distributed lock on '{resource}' was lost while it was held; nothing was done under it.") => Resource = resource;

    /// <summary>What was locked.</summary>
    public string Resource { get; }
}
