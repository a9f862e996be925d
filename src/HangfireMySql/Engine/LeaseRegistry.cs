using System.Collections.Concurrent;

namespace Hangfire.MySql.Engine;

/// <summary>The queue rows that jobs of this process hold.</summary>
internal sealed class LeaseRegistry
{
    private readonly ConcurrentDictionary<long, MySqlFetchedJob> _held = new();

    public bool IsEmpty => _held.IsEmpty;

    public IReadOnlyList<MySqlFetchedJob> All => [.. _held.Values];

    public bool Holds(MySqlFetchedJob job) => _held.TryGetValue(job.RowId, out var held) && held == job;

    public void Add(MySqlFetchedJob job) => _held[job.RowId] = job;

    public void Remove(MySqlFetchedJob job) => _held.TryRemove(KeyValuePair.Create(job.RowId, job));

    /// <summary>
    /// Gives a row that was claimed again to the job of this process that still runs: the lease had run out, while the database was away for
    /// instance, but nobody else took it.
    /// </summary>
    public bool TryAdopt(ClaimedRow row) => _held.TryGetValue(row.Id, out var job) && job.TryAdopt(row.Token);
}
