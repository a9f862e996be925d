using Hangfire.Storage;

namespace Hangfire.MySql.Engine;

/// <summary>The fetchers of a storage, one for each set of queues that workers of this process ask for.</summary>
internal sealed class JobFetcher(MySqlDatabase database, LeaseRegistry leases) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, QueueFetcher> _fetchers = [];
    private bool _disposed;

    public IFetchedJob Fetch(string[] queues, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queues);
        if (queues.Length == 0)
            throw new ArgumentNullException(nameof(queues), "There must be at least one queue.");
        cancellationToken.ThrowIfCancellationRequested();
        return For(queues).Fetch(cancellationToken);
    }

    /// <summary>Wakes those who wait for a queue: a job was put into it by this process.</summary>
    public void Queued(string queue)
    {
        lock (_lock)
        {
            foreach (var fetcher in _fetchers.Values)
            {
                if (fetcher.Queues.Contains(queue))
                    fetcher.Wake();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var fetcher in _fetchers.Values)
                fetcher.Stop();
        }
    }

    private QueueFetcher For(string[] queues)
    {
        var sorted = queues.Distinct().Order(StringComparer.Ordinal).ToArray();
        var key = string.Join('\n', sorted);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(MySqlStorage));
            if (!_fetchers.TryGetValue(key, out var fetcher))
                _fetchers[key] = fetcher = new QueueFetcher(database, leases, Queued, sorted);
            return fetcher;
        }
    }
}
