namespace Hangfire.MySql;

/// <summary>How distributed locks are held.</summary>
public enum DistributedLockMode
{
    /// <summary>
    /// A named lock of a database session (<c>GET_LOCK</c>): no polling, no writes, and gone with its holder. For one primary server.
    /// </summary>
    Session,

    /// <summary>
    /// A row with an owner and an end that is moved on while the holder lives. For Galera, group replication with several primaries and
    /// proxies that share one server session between clients, where a session's locks are not seen by everyone.
    /// </summary>
    Table,
}
