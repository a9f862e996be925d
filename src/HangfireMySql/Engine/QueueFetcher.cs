using Hangfire.Logging;
using Hangfire.Storage;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>
/// Fetches for all workers of this process that wait for the same queues: one look claims as many jobs as there are workers waiting.
/// Its thread lives while somebody waits, and a little longer.
/// </summary>
internal sealed class QueueFetcher(MySqlDatabase database, LeaseRegistry leases, Action<string> queued, IReadOnlyList<string> queues)
{
    private const int MaxBatch = 50;

    // Rows looked at beyond those that are wanted, for every time that others took them all.
    private const int Spare = 20;
    private const int MostCrowded = 6;
    private const int FailuresPerLine = 12;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromMinutes(1);
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly Lock _lock = new();
    private readonly LinkedList<FetchWaiter> _waiters = new();
    private readonly Signal _wake = new();
    private readonly QueueTable _table = new(database);

    // Tokens under which rows may be ours without our knowing.
    private readonly List<Doubt> _doubtful = [];
    private bool _running;
    private bool _stopped;

    // Between two looks that found nothing: short after activity, then longer up to the interval.
    private TimeSpan _pause;
    private bool _lastFoundNothing;

    // How many times running other processes took all that was due.
    private int _crowded;
    private int _failures;

    public IReadOnlyList<string> Queues { get; } = queues;

    /// <summary>Waits for a job.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public IFetchedJob Fetch(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new FetchWaiter();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, typeof(MySqlStorage));
            _waiters.AddLast(waiter);
            if (!_running)
            {
                _running = true;
                new Thread(Work) { IsBackground = true, Name = "Hangfire.MySql fetch " + string.Join(',', Queues) }.Start();
            }
        }
        _wake.Set();
        using (cancellationToken.Register(() => Leave(waiter, cancellationToken)))
            return waiter.Result.GetAwaiter().GetResult();
    }

    /// <summary>Looks at once: something was queued.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Ends the thread; who waits is told.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (var waiter in _waiters)
                waiter.Fail(new ObjectDisposedException(nameof(MySqlStorage)));
            _waiters.Clear();
        }
        _wake.Set();
    }

    private void Leave(FetchWaiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
            _waiters.Remove(waiter);
        // A job that came first is returned to the caller, who runs it or gives it back.
        waiter.TryCancel(cancellationToken);
    }

    private void Work()
    {
        while (true)
        {
            int waiting;
            lock (_lock)
            {
                waiting = _waiters.Count;
                if (_stopped)
                {
                    _running = false;
                    return;
                }
            }
            if (waiting > 0)
            {
                var pause = Look(Math.Min(waiting, MaxBatch));
                if (pause > TimeSpan.Zero)
                    _wake.Wait(pause);
            }
            else if (!_wake.Wait(Linger))
            {
                lock (_lock)
                {
                    if (_waiters.Count > 0)
                        continue;
                    _running = false;
                    return;
                }
            }
        }
    }

    /// <summary>Claims once and hands out; returns how long to wait before the next look.</summary>
    private TimeSpan Look(int count)
    {
        try
        {
            var found = TryClaim(count);
            _failures = 0;
            _lastFoundNothing = !found;
            if (found)
            {
                _pause = TimeSpan.Zero;
                return TimeSpan.Zero;
            }
            var interval = database.Options.QueuePollInterval > ShortestPoll ? database.Options.QueuePollInterval : ShortestPoll;
            if (_crowded > 0)
                return TimeSpan.FromMilliseconds(Math.Min(interval.TotalMilliseconds, Random.Shared.Next(1, 5 << _crowded)));
            _pause = _pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(100) : _pause * 2;
            return _pause < interval ? _pause : _pause = interval;
        }
        catch (Exception exception)
            when (SqlFaults.IsConnection(exception) || SqlFaults.IsContention(exception) || exception is TimeoutException)
        {
            // Workers go on waiting, so that they work again as soon as the database does.
            _failures++;
            var pause = TimeSpan.FromMilliseconds(Math.Min(LongestBackOff.TotalMilliseconds, 50 * Math.Pow(2, _failures - 1)));
            // Said when it begins and about once a minute after that, however often it is tried.
            if (_failures == 1 || _failures % FailuresPerLine == 0)
                Logger.WarnException($"Jobs could not be fetched ({_failures}); tried again in {pause.TotalSeconds:0.##} s.", exception);
            // Signals do not make a database come back sooner.
            Thread.Sleep(pause);
            return TimeSpan.FromMilliseconds(1);
        }
        catch (Exception exception)
        {
            FailAll(exception);
            return TimeSpan.FromMilliseconds(1);
        }
    }

    private bool TryClaim(int count)
    {
        using var connection = database.Open();
        // An idle process asks by a read, which costs the server next to nothing.
        _doubtful.RemoveAll(doubt => doubt.Until < Environment.TickCount64);
        if (_lastFoundNothing && _doubtful.Count == 0 && !_table.AnyDue(connection, Queues))
        {
            _crowded = 0;
            return false;
        }
        var token = Token.Next();
        List<ClaimedRow> rows;
        var doubtful = _doubtful.ConvertAll(doubt => doubt.Token);
        try
        {
            rows = _table.Claim(connection, Queues, count, count + Spare * (1 + _crowded), token, doubtful);
        }
        catch (Exception exception)
        {
            Remember(new Doubt(token));
            if (SqlFaults.IsConnection(exception))
                MySqlConnection.ClearPool(connection);
            throw;
        }
        var crowded = rows.TrueForAll(row => row.Token != token) && _table.AnyDue(connection, Queues);
        _crowded = crowded ? Math.Min(_crowded + 1, MostCrowded) : 0;
        return HandOut(rows) > 0;
    }

    // Returns how many were new to a worker: rows that are read again under a doubtful token, while their jobs run, are no reason to hurry.
    private int HandOut(List<ClaimedRow> rows)
    {
        var handed = new List<ClaimedRow>();
        var left = new List<ClaimedRow>();
        foreach (var row in rows)
        {
            var doubt = _doubtful.Find(candidate => candidate.Token == row.Token);
            // A row is given out once under a token. It may still be read under it when its job has just ended.
            if (doubt?.Handed.Contains(row.Id) == true)
                continue;
            var adopted = leases.TryAdopt(row);
            if (!adopted && !TryHandOut(row))
            {
                left.Add(row);
                continue;
            }
            doubt?.Handed.Add(row.Id);
            if (!adopted)
                handed.Add(row);
        }
        if (left.Count == 0)
            return handed.Count;
        // Their workers have gone, at shutdown for instance.
        try
        {
            database.Run(connection =>
            {
                _table.GiveBack(connection, left);
                return true;
            });
            return handed.Count;
        }
        catch (Exception)
        {
            foreach (var token in left.Select(row => row.Token).Distinct().Where(token => !_doubtful.Exists(doubt => doubt.Token == token)))
                Remember(new Doubt(token) { Handed = [.. handed.Where(row => row.Token == token).Select(row => row.Id)] });
            throw;
        }
    }

    // The token is read again with the next claims, until such rows would come back anyway.
    private void Remember(Doubt doubt)
    {
        var lease = database.Options.SlidingInvisibilityTimeout < LongestDoubt ? database.Options.SlidingInvisibilityTimeout : LongestDoubt;
        doubt.Until = Environment.TickCount64 + (long)lease.TotalMilliseconds;
        _doubtful.Add(doubt);
    }

    private bool TryHandOut(ClaimedRow row)
    {
        while (true)
        {
            FetchWaiter waiter;
            lock (_lock)
            {
                if (_waiters.First is not { } first)
                    return false;
                waiter = first.Value;
                _waiters.RemoveFirst();
            }
            var job = new MySqlFetchedJob(database, leases, queued, row);
            if (waiter.TryGive(job))
                return true;
            leases.Remove(job);
        }
    }

    private void FailAll(Exception exception)
    {
        lock (_lock)
        {
            foreach (var waiter in _waiters)
                waiter.Fail(exception);
            _waiters.Clear();
        }
    }

    /// <summary>A token whose claim, or whose giving back, was not answered.</summary>
    private sealed class Doubt(long token)
    {
        public long Token { get; } = token;

        /// <summary>The numbers of the rows that were given out under it.</summary>
        public HashSet<long> Handed { get; init; } = [];

        /// <summary>When it is forgotten, by this machine's ticks.</summary>
        public long Until { get; set; }
    }
}
