using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>
/// Sends one partition's rows in sequence while this process owns it: from memory if the row there is the next one, else from the log.
/// At most two batches are in the producer's hands, so that the next is read while the last is on its way. Small batches keep a distance:
/// the first row after a pause goes at once, and what comes within the next milliseconds goes together.
/// </summary>
internal sealed class PartitionRelay : IAsyncDisposable
{
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(1);

    // A batch costs the broker and every reader about the same whether it holds one row or fifty: a request each, and a transaction.
    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(8);
    private const int LargeBatch = 100;
    private readonly int _partition;
    private readonly OutboxOptions _options;
    private readonly Node _node;
    private readonly LogRows _log;
    private readonly RelayProducer _producer;
    private readonly EventLogMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly RelayMemory _memory = new();
    private readonly ReaderWatch[] _readers;
    private readonly LeadWindow _lead;
    private RelayCursor _cursor = new(0);
    private LagLedger _lag = new();
    private CancellationTokenSource? _stop;
    private Task _pump = Task.CompletedTask;
    private ulong _head;
    private bool _look;
    private int _readSize;
    private int _lastBatch;
    private long _lastBatchAt;

    public PartitionRelay(
        int partition,
        OutboxOptions options,
        Node node,
        LogRows log,
        RelayProducer producer,
        EventLogMetrics metrics,
        TimeProvider clock,
        ILogger logger
    )
    {
        _partition = partition;
        _options = options;
        _node = node;
        _log = log;
        _producer = producer;
        _metrics = metrics;
        _clock = clock;
        _logger = logger;
        _readers = [.. options.Readers.Select(_ => new ReaderWatch())];
        _lead = new LeadWindow(options.MaxLeadRows, options.MaxLeadBytes);
    }

    public bool IsOwned => _stop is { IsCancellationRequested: false };

    public ulong Sent => _cursor.Sent;

    public ulong Acked => _cursor.Acked;

    /// <summary>The highest row Kafka ever acknowledged under this ownership; it does not fall when the relay goes back for a reader.</summary>
    public ulong HighestAcked { get; private set; }

    /// <summary>The readers' last seqs in the order of the settings; null for one that has not answered.</summary>
    public IReadOnlyList<ulong?> Lasts
    {
        get
        {
            lock (_gate)
                return [.. _readers.Select(reader => reader.Last)];
        }
    }

    /// <summary>This process owns the partition from now on; <paramref name="sent"/> says where a former owner came to, about.</summary>
    public void Start(ulong sent)
    {
        if (IsOwned)
            return;
        _stop?.Dispose();
        _stop = new CancellationTokenSource();
        var previous = _pump;
        var token = _stop.Token;
        _pump = Task.Run(() => PumpAsync(previous, sent, token), CancellationToken.None);
    }

    /// <summary>Sends no more; completes when nothing is in flight.</summary>
    public async Task StopAsync()
    {
        if (_stop is not { } stop)
            return;
        await stop.CancelAsync().ConfigureAwait(false);
        Wake();
        await _pump.ConfigureAwait(false);
        _memory.Clear();
    }

    /// <summary>Sends no more, without waiting: the lease ran out.</summary>
    public void Abandon()
    {
        _stop?.Cancel();
        _memory.Clear();
    }

    public void Committed(IReadOnlyList<LogRow> rows)
    {
        if (!IsOwned)
            return;
        _memory.Add(rows);
        Volatile.Write(ref _head, rows[^1].Seq);
        Wake();
    }

    /// <summary>The log's last row as just read; it is lower than before when the database was restored.</summary>
    public void HeadIs(ulong lastSeq)
    {
        Volatile.Write(ref _head, lastSeq);
        if (lastSeq > _cursor.Sent)
            Wake();
    }

    public void Look()
    {
        Volatile.Write(ref _look, true);
        Wake();
    }

    public void ReaderSaid(int reader, ulong last, bool stalled)
    {
        lock (_gate)
            _readers[reader].Observe(last, stalled, _cursor.Acked, Now());
        Wake();
    }

    /// <summary>Rows and age between what a reader has and what Kafka acknowledged.</summary>
    public (long Rows, TimeSpan Age) LagOf(ulong last)
    {
        lock (_gate)
            return _lag.Behind(last, Now());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop?.Dispose();
        _stop = null;
        _signal.Dispose();
    }

    private TimeSpan Now() => _clock.GetElapsedTime(0);

    private void Wake()
    {
        lock (_signal)
        {
            if (_signal.CurrentCount == 0)
                _signal.Release();
        }
    }

    private void Reset(ulong sent)
    {
        lock (_gate)
        {
            _cursor = new RelayCursor(sent);
            HighestAcked = sent;
            _lag = new LagLedger();
            _lead.Clear();
            for (var index = 0; index < _readers.Length; index++)
                _readers[index] = new ReaderWatch();
        }

        _readSize = 64;
        _lastBatch = 0;
        Look();
    }

    private async Task PumpAsync(Task previousPump, ulong sent, CancellationToken cancellationToken)
    {
        await previousPump.ConfigureAwait(false);
        Reset(sent);
        var backOff = new BackOff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        Flight? flight = null;
        var down = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _producer.PrepareAsync(cancellationToken).ConfigureAwait(false);
                var next = await NextAsync(flight, cancellationToken).ConfigureAwait(false);
                var landed = flight;
                flight = next;
                if (landed is not null)
                    await LandAsync(landed, backOff, cancellationToken).ConfigureAwait(false);
                else if (next is null)
                    await WaitAsync(IdleLook, cancellationToken).ConfigureAwait(false);
                if (down)
                {
                    down = false;
                    _logger.PartitionRelayRecovered(_partition);
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // What Kafka refuses is said once for all partitions, by the producer.
                if (!down && failure is not (RelayFailedException or Confluent.Kafka.KafkaException))
                {
                    down = true;
                    _logger.PartitionRelayWaits(_partition, failure.GetBaseException().Message);
                }

                flight = await SettleAsync(flight).ConfigureAwait(false);
                await DelayAsync(backOff.Next(), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Stopped, and whatever failed because of it does not matter any more: what is in flight is settled below, and the next
                // owner sends again what was not acknowledged.
            }
        }

        await SettleAsync(flight).ConfigureAwait(false);
    }

    /// <summary>Produces the next batch; null when there is nothing to send now, or what is in flight must land first.</summary>
    private async Task<Flight?> NextAsync(Flight? inFlight, CancellationToken cancellationToken)
    {
        if (_node.LiveLease is null)
            return null;
        if (inFlight is { Failure: not null })
            return null;
        if (WantsRewind())
        {
            if (inFlight is not null)
                return null;
            await RewindAsync(cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(_options.BatchRows, Room());
        if (count == 0)
            return null;
        if (UntilDistance() is { Ticks: > 0 } rest)
        {
            if (inFlight is not null)
                return null;
            await Task.Delay(rest, _clock, cancellationToken).ConfigureAwait(false);
        }
        var rows = _memory.Take(_cursor, count);
        if (rows.Count == 0 && (Volatile.Read(ref _head) > _cursor.Sent || Volatile.Read(ref _look)))
            rows = await ReadAsync(count, cancellationToken).ConfigureAwait(false);
        // Reading takes time, and the lease may have run out meanwhile.
        if (rows.Count == 0 || _node.LiveLease is null)
            return null;
        foreach (var row in rows)
            _lead.Sent(row.Seq, row.Bytes);
        var flight = _producer.Send(_partition, rows, _cursor);
        _cursor.Produced(rows[^1].Seq);
        _lastBatch = rows.Count;
        _lastBatchAt = _clock.GetTimestamp();
        return flight;
    }

    private TimeSpan UntilDistance() =>
        _lastBatch is 0 or >= LargeBatch || _memory.Count >= LargeBatch ? TimeSpan.Zero : Distance - _clock.GetElapsedTime(_lastBatchAt);

    private async Task<List<LogRow>> ReadAsync(int count, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _look, false);
        var wanted = Math.Min(count, _readSize);
        var rows = await _log.ReadAfterAsync(_partition, _cursor.Sent, wanted, cancellationToken).ConfigureAwait(false);
        var bytes = rows.Sum(row => (long)row.Bytes);
        // Rows differ in size by a factor of thousands, and a batch must fit in memory.
        _readSize =
            bytes > 4 * 1024 * 1024 ? Math.Max(1, _readSize / 2)
            : bytes < 2 * 1024 * 1024 && rows.Count == _readSize ? Math.Min(_options.BatchRows, _readSize * 2)
            : _readSize;
        if (rows.Count == wanted)
            Volatile.Write(ref _look, true);
        else if (rows.Count == 0)
            // Somebody removed the last rows, or the database was restored; the next heartbeat tells where the head is.
            Volatile.Write(ref _head, Math.Min(_head, _cursor.Sent));
        return rows;
    }

    private async Task LandAsync(Flight flight, BackOff backOff, CancellationToken cancellationToken)
    {
        await flight.Landed.ConfigureAwait(false);
        var delivered = flight.Delivered;
        Advance(flight, delivered);
        _producer.Landed(flight);
        if (delivered == flight.Rows.Count)
        {
            backOff.Reset();
            return;
        }

        _metrics.RelayFailed(_partition);
        throw new RelayFailedException(flight.Failure?.Reason ?? "a record was not acknowledged");
    }

    private void Advance(Flight flight, int delivered)
    {
        if (delivered == 0)
            return;
        var seq = flight.Rows[delivered - 1].Seq;
        lock (_gate)
        {
            _cursor.Delivered(seq);
            HighestAcked = Math.Max(HighestAcked, seq);
            _lag.Acknowledged(seq, delivered, Now());
        }

        _metrics.Relayed(_partition, delivered);
    }

    // After a failure everything beyond the last acknowledged row is sent again, but only once nothing of it is on its way any more.
    private async Task<Flight?> SettleAsync(Flight? flight)
    {
        if (flight is not null)
        {
            await flight.Landed.ConfigureAwait(false);
            if (flight.Rows[0].Seq > _cursor.Acked && IsNextAfterAcked(flight))
                Advance(flight, flight.Delivered);
            _producer.Landed(flight);
        }

        _cursor.Failed();
        _lead.Clear();
        return null;
    }

    private bool IsNextAfterAcked(Flight flight) => flight.Rows[0].After == _cursor.Acked;

    private bool WantsRewind()
    {
        lock (_gate)
            return Array.Exists(_readers, reader => reader.WantsRewind(_cursor.Acked, Now()));
    }

    private async Task RewindAsync(CancellationToken cancellationToken)
    {
        List<int> wanting;
        ulong last;
        lock (_gate)
        {
            var now = Now();
            wanting = [.. Enumerable.Range(0, _readers.Length).Where(index => _readers[index].WantsRewind(_cursor.Acked, now))];
            last = wanting.Min(index => _readers[index].Last!.Value);
        }

        var target = await _log.FindTargetAsync(_partition, last, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            foreach (var index in wanting)
            {
                _readers[index].Rewound(Now());
                _metrics.Rewound(_partition, _options.Readers[index].Name);
            }

            if (target is not { } found)
                return;
            _logger.RelayGoesBack(_partition, _options.Readers[wanting[0]].Name, last, found.Position, found.Expired);
            _cursor.Rewind(found);
            _lead.Clear();
        }

        Look();
    }

    private int Room()
    {
        if (!_lead.IsOn || _readers.Length == 0)
            return int.MaxValue;
        lock (_gate)
        {
            var now = Now();
            ulong? slowest = null;
            foreach (var reader in _readers)
            {
                if (reader.IsHealthy(_cursor.Acked, now))
                    slowest = Math.Min(slowest ?? ulong.MaxValue, reader.Last!.Value);
            }

            _lead.ReadUpTo(slowest);
            return _lead.Room;
        }
    }

    private async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) =>
        await _signal.WaitAsync(longest, cancellationToken).ConfigureAwait(false);

    private async Task DelayAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop's condition ends it.
        }
    }
}
