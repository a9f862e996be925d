using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>Admission: checks each event, joins repeats that are under way, and puts the rest before the writer.</summary>
internal sealed class EventLog(EventLogWriter writer, Backlog backlog, IOptions<OutboxOptions> options) : IEventLog, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<IdempotencyId, PendingAppend> _underWay = new();

    // Many events wait for room instead of being refused, since whoever sends them in bulk would only send them again. They share three
    // quarters of the queue, so that single events always find a place.
    private readonly SemaphoreSlim _room = new(Math.Max(1, options.Value.QueueCapacity / 4 * 3));

    public Task<LogReceipt> AppendAsync(LogEvent logEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(logEvent);
        var single = new SingleAppend();
        Submit(logEvent, single, 0);
        return single.Task.IsCompleted ? single.Task : single.Task.WaitAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<LogOutcome>> AppendManyAsync(IReadOnlyList<LogEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
            return [];
        var many = new ManyAppends(events.Count, () => _room.Release());
        var hasRoom = true;
        for (var index = 0; index < events.Count; index++)
        {
            hasRoom = hasRoom && await _room.WaitAsync(options.Value.CommitTimeout, cancellationToken).ConfigureAwait(false);
            if (hasRoom)
                Submit(events[index], many, index);
            else
                many.Refuse(index, new LogOutcome(null, new LogQueueFullException("Too many events wait to be stored.", Soon)));
        }

        return await many.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _room.Dispose();

    private void Submit(LogEvent logEvent, IAppendWaiter waiter, int index)
    {
        try
        {
            Admit();
            if (logEvent.Idempotency is { } key)
                SubmitOnce(logEvent, key, waiter, index);
            else
                Enqueue(new PendingAppend(logEvent, options.Value.Partitions, options.Value.MaxRecordBytes, waiter, index));
        }
        catch (EventLogException refusal)
        {
            waiter.Done(index, new LogOutcome(null, refusal));
        }
    }

    private void Admit()
    {
        if (writer.IsStopping)
            throw new LogUnavailableException("The process is stopping.", false, Soon, null);
        if (writer.IsDown)
            throw new LogUnavailableException($"The database cannot be reached: {writer.Health.Reason}", false, Soon, null);
        if (backlog.Excess is { } excess)
            throw new LogBacklogException(excess, TimeSpan.FromSeconds(5));
    }

    private void Enqueue(PendingAppend append)
    {
        if (!writer.TryEnqueue(append))
            throw new LogQueueFullException("Too many events wait to be stored.", Soon);
    }

    private void SubmitOnce(LogEvent logEvent, IdempotencyKey key, IAppendWaiter waiter, int index)
    {
        // The first request with the key leaves the table before it answers, so a later one either joins it or finds its row.
        var leaver = new LeavingWaiter(waiter);
        var append = new PendingAppend(logEvent, options.Value.Partitions, options.Value.MaxRecordBytes, leaver, index);
        var id = IdempotencyId.Of(key.Id);
        leaver.Leave = () => _underWay.TryRemove(new KeyValuePair<IdempotencyId, PendingAppend>(id, append));
        while (true)
        {
            var first = _underWay.GetOrAdd(id, append);
            if (ReferenceEquals(first, append))
                break;
            if (first.TryJoin(waiter, index, key.BodyHash))
                return;
            _underWay.TryRemove(new KeyValuePair<IdempotencyId, PendingAppend>(id, first));
        }

        if (!writer.TryEnqueue(append))
            append.Complete(new LogOutcome(null, new LogQueueFullException("Too many events wait to be stored.", Soon)));
    }

    private sealed class LeavingWaiter(IAppendWaiter inner) : IAppendWaiter
    {
        public Action? Leave { get; set; }

        public void Done(int index, LogOutcome outcome)
        {
            Leave?.Invoke();
            inner.Done(index, outcome);
        }
    }
}
