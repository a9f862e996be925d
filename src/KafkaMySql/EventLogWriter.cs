using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>
/// The process's only writer of the log. A batch is whatever waits when the last one is done (group commit without delay). Nobody is
/// answered with success before the commit is known to have happened.
/// </summary>
internal sealed class EventLogWriter : BackgroundService
{
    // The server ends a vanished session after five seconds; only then is a commit in doubt known.
    private static readonly TimeSpan DoubtExtra = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly OutboxOptions _options;
    private readonly WriterConnection _connection;
    private readonly ICommittedRows _committed;
    private readonly EventLogMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<EventLogWriter> _logger;
    private readonly Channel<PendingAppend> _queue;
    private readonly AppendTransaction _transaction = new();
    private volatile IReadOnlyList<PendingAppend>? _current;
    private long _currentSince;
    private bool _refusing;
    private volatile bool _stopping;

    public EventLogWriter(
        EventLogDatabase database,
        ICommittedRows committed,
        EventLogMetrics metrics,
        IOptions<OutboxOptions> options,
        TimeProvider clock,
        ILogger<EventLogWriter> logger
    )
    {
        _options = options.Value;
        _connection = database.Connect("the event log", clock, logger);
        _committed = committed;
        _metrics = metrics;
        _clock = clock;
        _logger = logger;
        _queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(_options.QueueCapacity));
    }

    public ConnectionHealth Health => _connection.Health;

    public int QueueLength => _queue.Reader.Count;

    /// <summary>False when the queue is full, or the writer is stopping.</summary>
    public bool TryEnqueue(PendingAppend append)
    {
        append.QueuedAt = _clock.GetTimestamp();
        return _queue.Writer.TryWrite(append);
    }

    /// <summary>The database has been away for longer than an append waits: waiting again is of no use.</summary>
    public bool IsDown =>
        _connection.Health is { IsOpen: false, DownSince: { } since } && _clock.GetUtcNow() - since > _options.CommitTimeout;

    public bool IsStopping => _stopping;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A setting that does not fit the database stops the start. A database that is away does not.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            await _connection.UseAsync((_, _) => Task.CompletedTask, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (failure.GetBaseException() is EventLogSchemaException misfit)
                throw new EventLogSchemaException(misfit.Message);
            _logger.StartedWithoutDatabase(failure.GetBaseException().Message);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes no more events and commits those that wait.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } running)
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        FailQueue("The process is stopping.");
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watchdog = _clock.CreateTimer(_ => FailOverdue(), null, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250));
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                var batch = TakeBatch();
                if (batch.Count == 0)
                    continue;
                _currentSince = _clock.GetTimestamp();
                _current = batch;
                await CommitAsync(batch, stoppingToken).ConfigureAwait(false);
                _current = null;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            FailBatch(_current ?? [], "The process is stopping.", inDoubt: true, null);
        }
    }

    private List<PendingAppend> TakeBatch()
    {
        var batch = new List<PendingAppend>(Math.Min(_options.BatchRows, _queue.Reader.Count + 1));
        var bytes = 0;
        while (
            batch.Count < _options.BatchRows
            && _queue.Reader.TryPeek(out var next)
            && (batch.Count == 0 || bytes + next.Bytes <= _options.BatchBytes)
            && _queue.Reader.TryRead(out next)
        )
        {
            batch.Add(next);
            bytes += next.Bytes;
        }

        return batch;
    }

    private async Task CommitAsync(List<PendingAppend> batch, CancellationToken stoppingToken)
    {
        var started = _clock.GetTimestamp();
        CommitDoubt? doubt = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _connection
                    .UseAsync((connection, _) => _transaction.RunAsync(connection, _connection.Generation, batch, doubt), stoppingToken)
                    .ConfigureAwait(false);
                Succeed(batch, started);
                return;
            }
            catch (CommitInDoubtException failure)
            {
                doubt = failure.Doubt;
                _logger.CommitInDoubt(batch.Count, failure.GetBaseException().Message);
                if (!IsOverdue(batch, true))
                    continue;
                FailBatch(batch, "The connection ends at every commit.", inDoubt: true, failure);
                return;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                var fault = SqlFaults.Classify(failure);
                if (fault == SqlFault.Content && doubt is null)
                {
                    await IsolateAsync(batch, failure, stoppingToken).ConfigureAwait(false);
                    return;
                }

                if (fault == SqlFault.Server && doubt is null)
                {
                    // A full disk or missing rights do not pass within a request's time.
                    FailBatch(batch, $"The database refuses: {failure.GetBaseException().Message}", inDoubt: false, failure);
                    return;
                }

                if (IsOverdue(batch, doubt is not null))
                {
                    FailBatch(batch, "The database cannot be reached.", inDoubt: doubt is not null, failure);
                    return;
                }

                await Task.Delay(PauseAfter(failure, attempt), _clock, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private static TimeSpan PauseAfter(Exception failure, int attempt) =>
        failure is ConnectionUnavailableException { RetryAfter: var wait } ? wait
        : attempt <= 2 ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(Math.Min(100, 5 * attempt));

    // One event the database cannot hold must not fail its neighbours.
    private async Task IsolateAsync(List<PendingAppend> batch, Exception failure, CancellationToken stoppingToken)
    {
        if (batch.Count == 1)
        {
            batch[0]
                .Complete(
                    new LogOutcome(
                        null,
                        new LogEventRefusedException($"The database cannot hold the event: {failure.GetBaseException().Message}")
                    )
                );
            return;
        }

        var half = batch.Count / 2;
        await CommitAsync([.. batch.Take(half)], stoppingToken).ConfigureAwait(false);
        await CommitAsync([.. batch.Skip(half)], stoppingToken).ConfigureAwait(false);
    }

    private void Succeed(List<PendingAppend> batch, long started)
    {
        if (_refusing)
        {
            _refusing = false;
            _logger.AppendingAgain();
        }

        // Rows go to the relay in the order of the log, which is the order of the batch within a partition.
        foreach (var rows in batch.Where(append => append.Row is not null).GroupBy(append => append.Partition, append => append.Row!))
            _committed.Committed(rows.Key, [.. rows]);
        foreach (var append in batch)
            append.Complete(append.Prepared);
        _metrics.Committed(batch, _clock.GetElapsedTime(started));
    }

    private void FailBatch(IReadOnlyList<PendingAppend> batch, string reason, bool inDoubt, Exception? inner)
    {
        if (batch.Count == 0)
            return;
        if (!_refusing)
        {
            _refusing = true;
            _logger.AppendsFail(reason);
        }

        var error = new LogUnavailableException(
            inDoubt ? $"{reason} It is not known whether the event was stored: retry with the same idempotency key." : reason,
            inDoubt,
            RetryAfter,
            inner
        );
        foreach (var append in batch)
            append.Complete(new LogOutcome(null, error));
    }

    private bool IsOverdue(List<PendingAppend> batch, bool doubtful) =>
        _clock.GetElapsedTime(batch[0].QueuedAt) > _options.CommitTimeout + (doubtful ? DoubtExtra : TimeSpan.Zero);

    // The writer itself may hang in a statement to a database that went silent; those who wait are answered in time all the same.
    private void FailOverdue()
    {
        if (_current is not { } batch)
            return;
        var since = _clock.GetElapsedTime(_currentSince);
        if (since > _options.CommitTimeout)
            FailQueue("The database does not answer.");
        if (since > _options.CommitTimeout + DoubtExtra)
            FailBatch(batch, "The database does not answer.", inDoubt: true, null);
    }

    private void FailQueue(string reason)
    {
        while (_queue.Reader.TryRead(out var append))
            FailBatch([append], reason, inDoubt: false, null);
    }
}
