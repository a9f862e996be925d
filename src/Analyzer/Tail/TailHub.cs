using Analyzer.Reading;
using MySqlConnector;
using ServiceDefaults;

namespace Analyzer.Tail;

/// <summary>
/// Watches where the index ends, once for all clients of the live tail and only while there are any. Other processes may fill the index too,
/// so it is the database that is watched.
/// </summary>
internal sealed class TailHub(EventIndex index, IConfiguration configuration, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly int _most = Settings.AnalyzerTailClients.Read(configuration);
    private readonly Lock _lock = new();
    private int _clients;
    private bool _watching;
    private TailEnds? _ends;
    private TaskCompletionSource _changed = New();

    /// <summary>A client comes; null when there are too many. Disposing the result says that it has gone.</summary>
    public IDisposable? Join()
    {
        lock (_lock)
        {
            if (_clients >= _most)
                return null;
            _clients++;
            if (!_watching)
                _ = Task.Run(WatchAsync);
            _watching = true;
            return new Membership(this);
        }
    }

    /// <summary>What is known now, and what completes when that has changed. Null until the database has answered for the first time.</summary>
    public (TailEnds? Ends, Task Changed) Look()
    {
        lock (_lock)
            return (_ends, _changed.Task);
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            TailEnds ends;
            try
            {
                var heads = await index.HeadsAsync(CancellationToken.None);
                ends = new TailEnds(heads.ToDictionary(head => head.Key, head => head.Value.Next), null);
            }
            catch (MySqlException failure)
            {
                // Every client is told, and goes on when the database is back.
                ends = new TailEnds(_ends?.Next ?? new Dictionary<ushort, long>(), failure.Message);
            }
            lock (_lock)
            {
                if (_clients == 0)
                {
                    _ends = null;
                    _watching = false;
                    return;
                }
                if (!ends.IsSame(_ends))
                {
                    _ends = ends;
                    _changed.SetResult();
                    _changed = New();
                }
            }
            await Task.Delay(Pause, clock);
        }
    }

    private void Leave()
    {
        lock (_lock)
            _clients--;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Membership(TailHub hub) : IDisposable
    {
        private TailHub? _hub = hub;

        public void Dispose() => Interlocked.Exchange(ref _hub, null)?.Leave();
    }
}

/// <summary>Where the index ends.</summary>
/// <param name="Next">The index that the next event of each type is given.</param>
/// <param name="Trouble">Why that is not known any better; null when it is.</param>
internal sealed record TailEnds(IReadOnlyDictionary<ushort, long> Next, string? Trouble)
{
    public bool IsSame(TailEnds? other) =>
        other is not null && Trouble == other.Trouble && Next.Count == other.Next.Count && !Next.Except(other.Next).Any();
}
