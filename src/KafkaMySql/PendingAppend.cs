using System.Runtime.InteropServices;

namespace KafkaMySql;

/// <summary>One event on its way to the writer, everything serialized, with those who wait for it.</summary>
internal sealed class PendingAppend
{
    private readonly Lock _gate = new();
    private readonly IAppendWaiter _waiter;
    private readonly int _index;
    private List<(IAppendWaiter Waiter, int Index, byte[] BodyHash)>? _joined;
    private bool _done;

    /// <exception cref="LogEventRefusedException">A field is over its column's size.</exception>
    public PendingAppend(LogEvent logEvent, int partitions, int maxBytes, IAppendWaiter waiter, int index)
    {
        if (logEvent.TraceId.Length is 0 or > 36 || logEvent.TraceId.Any(character => character is <= ' ' or > '~'))
            throw new LogEventRefusedException("A trace id is 1 to 36 printable ASCII characters.");
        if (logEvent.Key.Length > 256)
            throw new LogEventRefusedException($"The key takes {logEvent.Key.Length} bytes, at most 256 fit.");
        if (logEvent.Idempotency is { } key && (key.Id.Length != IdempotencyId.Bytes || key.BodyHash.Length != IdempotencyId.Bytes))
            throw new LogEventRefusedException("An idempotency key's id and body hash are 32 bytes each.");
        Headers = HeaderBlob.Write(logEvent.Headers);
        Bytes = logEvent.Key.Length + logEvent.Value.Length + (Headers?.Length ?? 0);
        if (Bytes > maxBytes)
            throw new LogEventRefusedException($"The event takes {Bytes} bytes, at most {maxBytes} are sent.");
        Event = logEvent;
        Partition = KafkaPartitioner.PartitionOf(logEvent.Key.Span, partitions);
        _waiter = waiter;
        _index = index;
    }

    public LogEvent Event { get; }

    public int Partition { get; }

    public byte[]? Headers { get; }

    public int Bytes { get; }

    /// <summary>When it came into the queue, as the clock's timestamp.</summary>
    public long QueuedAt { get; set; }

    /// <summary>The outcome the current attempt leads to, told only after its commit.</summary>
    public LogOutcome Prepared { get; set; }

    /// <summary>The row the current attempt inserts; null when it inserts none.</summary>
    public LogRow? Row { get; set; }

    /// <summary>A second request with the same idempotency key waits for this one; false when this one is done already.</summary>
    public bool TryJoin(IAppendWaiter waiter, int index, byte[] bodyHash)
    {
        lock (_gate)
        {
            if (_done)
                return false;
            (_joined ??= []).Add((waiter, index, bodyHash));
            return true;
        }
    }

    public void MakeRow((ulong Seq, ulong After) place)
    {
        Row = new LogRow(place.Seq, place.After, Event.TraceId, ArrayOf(Event.Key), ArrayOf(Event.Value), Headers);
        Prepared = new LogOutcome(new LogReceipt(Partition, place.Seq, Event.TraceId, false), null);
    }

    /// <summary>Answers everyone; only the first call counts.</summary>
    public void Complete(LogOutcome outcome)
    {
        lock (_gate)
        {
            if (_done)
                return;
            _done = true;
        }

        _waiter.Done(_index, outcome);
        foreach (var (waiter, index, bodyHash) in _joined ?? [])
            waiter.Done(index, OutcomeOfJoined(outcome, bodyHash));
    }

    private LogOutcome OutcomeOfJoined(LogOutcome outcome, byte[] bodyHash) =>
        outcome.Receipt is not { } receipt ? outcome
        : bodyHash.AsSpan().SequenceEqual(Event.Idempotency!.BodyHash) ? new LogOutcome(receipt with { Repeated = true }, null)
        : new LogOutcome(null, Conflict());

    public static IdempotencyConflictException Conflict() => new("The idempotency key was used before with another body.");

    private static byte[] ArrayOf(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : memory.ToArray();
}
