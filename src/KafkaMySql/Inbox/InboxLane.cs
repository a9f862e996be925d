using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>One partition's way into the database: one batch at a time, halved where a record's content is refused, held where anything else fails.</summary>
internal sealed class InboxLane : IAsyncDisposable
{
    private static readonly TimeSpan ForeignLogPause = TimeSpan.FromMinutes(1);

    private readonly InboxOptions _options;
    private readonly RecordDecoder _decoder;
    private readonly BatchTransaction _transaction;
    private readonly InboxMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly StallRule _stall = new();
    private WriterConnection? _connection;
    private string? _waitingFor;
    private long _foreignLoggedAt;
    private PassedRange? _passed;
    private long _writtenAt;
    private long _writtenOffset;
    private volatile bool _atEnd;

    public InboxLane(
        int partition,
        InboxState state,
        InboxOptions options,
        RecordDecoder decoder,
        BatchTransaction transaction,
        InboxMetrics metrics,
        TimeProvider clock,
        ILogger logger
    )
    {
        Partition = partition;
        State = state;
        _options = options;
        _decoder = decoder;
        _transaction = transaction;
        _metrics = metrics;
        _clock = clock;
        _logger = logger;
    }

    public int Partition { get; }

    public InboxState State { get; }

    /// <summary>Whether everything the partition has was handled and nothing is in hand.</summary>
    public bool IsAtEnd => _atEnd;

    /// <summary>Takes <paramref name="items"/> in order; returns when all of them are settled and committed.</summary>
    public async Task ApplyAsync(
        ReadOnlyMemory<InboxItem> items,
        bool direct,
        bool fromTopic,
        long highWatermark,
        CancellationToken cancellationToken
    )
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        _atEnd = false;
        try
        {
            foreach (var part in Parts(items))
                await ApplyPartAsync(part, direct, fromTopic, highWatermark, cancellationToken).ConfigureAwait(false);
            GoOn();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await WaitAsync(exception, cancellationToken).ConfigureAwait(false);
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reading begins: everything known about the partition is read from the database, and it is not said to stand.</summary>
    public async Task<ProgressRow> BeginAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _atEnd = false;
            _stall.Progressed();
            return await Connection().UseAsync(ReadAsync, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The partition is somebody else's now.</summary>
    public async Task EndAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _atEnd = false;
            State.Update(figures => figures with { Held = false, Waiting = null, WaitingSince = null });
            _waitingFor = null;
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>All the partition had, up to <paramref name="endOffset"/>, is handled.</summary>
    public void ReachedEnd(long endOffset)
    {
        State.Update(figures => figures with { NextOffset = endOffset, HighWatermark = endOffset });
        _atEnd = true;
    }

    /// <summary>
    /// Writes down that the partition stands and where, when it does and this is not written; leaves it when a batch has come meanwhile.
    /// </summary>
    /// <param name="written">What the database says, when it was asked; else what this process wrote last counts.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>False when there is something to be written that may wait a little.</returns>
    public async Task<bool> StandAsync(bool? written, CancellationToken cancellationToken)
    {
        if (!_atEnd || !await _gate.WaitAsync(0, cancellationToken).ConfigureAwait(false))
            return true;
        try
        {
            if (!_atEnd)
                return true;
            if (_passed is not null)
                return await WritePassedAsync(cancellationToken).ConfigureAwait(false);
            if (!(written ?? State.Figures.StalledAt is not null) || _writtenOffset != State.Figures.NextOffset)
                await SetStalledAsync(true, cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _gate.Dispose();
    }

    private WriterConnection Connection() =>
        _connection ??= new WriterConnection(_options.ConnectionString, $"{_options.Consumer}, partition {Partition}", _clock, _logger);

    private async Task CloseAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ProgressRow> ReadAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var row =
            await ProgressRow.ReadAsync(connection, _options.Consumer, Partition, cancellationToken).ConfigureAwait(false)
            ?? throw new InboxRowMissingException(_options.Consumer, Partition);
        var expired = await new ExpiredTable(_options.Consumer).CountAsync(connection, Partition, cancellationToken).ConfigureAwait(false);
        if (row.StalledAt is not null)
            await ProgressRow.SetStalledAsync(connection, _options.Consumer, Partition, null, cancellationToken).ConfigureAwait(false);
        _passed = null;
        _writtenAt = 0;
        _writtenOffset = row.NextOffset;
        State.Update(figures => Seen(figures, row) with { Held = true, StalledAt = null, Expired = expired });
        return row;
    }

    // A record larger than the limit still goes, alone.
    private IEnumerable<ReadOnlyMemory<InboxItem>> Parts(ReadOnlyMemory<InboxItem> items)
    {
        var start = 0;
        long bytes = 0;
        for (var i = 0; i < items.Length; i++)
        {
            var size = items.Span[i].Size;
            if (i > start && (i - start == _options.BatchSize || bytes + size > _options.BatchBytes))
            {
                yield return items[start..i];
                start = i;
                bytes = 0;
            }
            bytes += size;
        }
        if (start < items.Length)
            yield return items[start..];
    }

    private async Task ApplyPartAsync(
        ReadOnlyMemory<InboxItem> part,
        bool direct,
        bool fromTopic,
        long highWatermark,
        CancellationToken cancellationToken
    )
    {
        if (fromTopic && TryPass(part, highWatermark))
            return;
        var open = new Stack<ReadOnlyMemory<InboxItem>>([part]);
        while (open.TryPop(out var items))
        {
            var request = new BatchRequest
            {
                Partition = Partition,
                Items = items,
                NextOffset = fromTopic ? items.Span[^1].Record.Offset + 1 : null,
                HighWatermark = highWatermark,
                Direct = direct,
                Passed = _passed,
                DeadLetterLimit = State.Figures.Stopped ? 0 : null,
            };
            try
            {
                var result = await RunAsync(request, cancellationToken).ConfigureAwait(false);
                if (result.CutAt is { } cut)
                    CutBack(items, cut, open);
                else
                    Committed(result, request);
            }
            catch (TableFaultException exception) when (exception.Fault is SqlFault.Content)
            {
                Halve(items, exception, open);
            }
        }
    }

    /// <summary>
    /// Leaves records alone of which no table takes anything, without a transaction: what is to be written is only how far the reader has
    /// come, and that was written a moment ago.
    /// </summary>
    private bool TryPass(ReadOnlyMemory<InboxItem> items, long highWatermark)
    {
        var figures = State.Figures;
        if (!figures.Held || _waitingFor is not null || _writtenAt == 0 || !IsWrittenLately())
            return false;
        var plan = BatchPlan.Make(figures.Last, Partition, items.Span, _decoder);
        if (plan.Ahead + plan.DeadLetters.Count + plan.Parked.Count + plan.Expired.Count > 0 || plan.Events.Exists(IsTaken))
            return false;
        if (plan.HasProgress)
        {
            var before = _passed ?? new PassedRange(figures.Last, figures.Last, 0, 0);
            _passed = before with
            {
                To = plan.Last,
                Applied = before.Applied + plan.Events.Count(planned => planned.IsOwn),
                Rows = before.Rows + plan.Events.Count,
            };
            _stall.Progressed();
        }
        State.Update(current =>
            current with
            {
                Last = plan.Last,
                NextOffset = items.Span[^1].Record.Offset + 1,
                HighWatermark = highWatermark >= 0 ? highWatermark : current.HighWatermark,
                Repeats = current.Repeats + plan.Repeats,
                Foreign = current.Foreign + plan.Foreign,
                Skipped = current.Skipped + plan.Skipped,
            }
        );
        return true;
    }

    // A record that mends something closes entries, whatever its table takes of it.
    private bool IsTaken(PlannedEvent planned) => planned.Event.IsRepair || _options.Tables[planned.Event.TypeId].Takes(planned.Event);

    private bool IsWrittenLately() => _clock.GetElapsedTime(_writtenAt) < _options.ProgressInterval;

    private async Task<bool> WritePassedAsync(CancellationToken cancellationToken)
    {
        if (IsWrittenLately())
            return false;
        var request = new BatchRequest
        {
            Partition = Partition,
            Items = ReadOnlyMemory<InboxItem>.Empty,
            NextOffset = State.Figures.NextOffset,
            Passed = _passed,
            Stands = true,
        };
        Committed(await RunAsync(request, cancellationToken).ConfigureAwait(false), request);
        return true;
    }

    /// <summary>Runs one transaction, again where that is known to help: with a look at what is there, on a new connection, after another's lock.</summary>
    private async Task<BatchResult> RunAsync(BatchRequest request, CancellationToken cancellationToken)
    {
        DecodeAhead(request.Items.Span);
        for (var tries = 1; ; tries++)
        {
            var started = _clock.GetTimestamp();
            try
            {
                var result = await Connection()
                    .UseAsync((connection, cancel) => _transaction.RunAsync(connection, request, _stall, cancel), cancellationToken)
                    .ConfigureAwait(false);
                _metrics.Committed(Partition, result, request.Items.Length, _clock.GetElapsedTime(started));
                return result;
            }
            catch (TableFaultException exception) when (exception.Fault is SqlFault.Duplicate && tries <= 3)
            {
                request = request with { LookUp = true };
            }
            catch (Exception exception)
                when (exception is not OperationCanceledException and not ConnectionUnavailableException
                    && tries <= 2
                    && SqlFaults.Classify(exception) is SqlFault.Contention or SqlFault.ConnectionLost
                )
            {
                // A deadlock's victim, a lock whose holder the server is about to end, or a session somebody killed: once more at once.
                // After a connection lost at COMMIT nothing is assumed either: the fence tells what was committed.
#pragma warning disable CA5394 // Jitter needs no secrecy.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(2, 20)), _clock, cancellationToken).ConfigureAwait(false);
#pragma warning restore CA5394
            }
        }
    }

    // Outside the transaction, so that nobody waits for the decoding behind the fence; repeats are not decoded at all.
    private void DecodeAhead(ReadOnlySpan<InboxItem> items)
    {
        var last = State.Figures.Last;
        foreach (var item in items)
        {
            if (item.Coordinate.Origin is not RecordOrigin.Own || item.Coordinate.Seq > last)
                item.Decode(_decoder);
        }
    }

    private void CutBack(ReadOnlyMemory<InboxItem> items, int cut, Stack<ReadOnlyMemory<InboxItem>> open)
    {
        if (cut == 0)
            throw new InboxStoppedException(
                $"more than {_options.MaxDeadLettersPerMinute} of the log's records in a minute cannot be taken, the next at offset {items.Span[0].Record.Offset}: {Reason(items.Span[0])}"
            );
        open.Push(items[cut..]);
        open.Push(items[..cut]);
    }

    private static void Halve(ReadOnlyMemory<InboxItem> items, TableFaultException exception, Stack<ReadOnlyMemory<InboxItem>> open)
    {
        if (items.Length == 1)
        {
            items.Span[0].Refuse(exception.Reason);
            open.Push(items);
            return;
        }
        open.Push(items[(items.Length / 2)..]);
        open.Push(items[..(items.Length / 2)]);
    }

    private static string Reason(InboxItem item) =>
        item.Content is InboxContent.Undecodable undecodable ? undecodable.Reason : "its trace id is stored with another content";

    private void Committed(BatchResult result, BatchRequest request)
    {
        if (result.Plan.HasProgress)
            _stall.Progressed();
        _passed = null;
        if (result.Written)
        {
            _writtenAt = _clock.GetTimestamp();
            _writtenOffset = result.Progress.NextOffset;
        }
        State.Update(figures => Counted(Seen(figures, result.Progress), result, request));
        LogTrouble(result);
    }

    private static InboxFigures Seen(InboxFigures figures, ProgressRow row) =>
        figures with
        {
            Last = row.LastSeq,
            Applied = row.Applied,
            Dead = row.Dead,
            Parked = row.Parked,
            StalledAt = row.StalledAt,
        };

    private static InboxFigures Counted(InboxFigures figures, BatchResult result, BatchRequest request) =>
        figures with
        {
            NextOffset = request.NextOffset ?? figures.NextOffset,
            HighWatermark = request.HighWatermark >= 0 ? request.HighWatermark : figures.HighWatermark,
            Batches = figures.Batches + (result.Written ? 1 : 0),
            Stored = figures.Stored + result.Stored,
            Adopted = figures.Adopted + result.Adopted,
            Repeats = figures.Repeats + result.Plan.Repeats,
            Ahead = figures.Ahead + result.Plan.Ahead,
            Foreign = figures.Foreign + result.Plan.Foreign,
            Skipped = figures.Skipped + result.Plan.Skipped,
            ForeignDead = figures.ForeignDead + result.ForeignDeadLetters,
            Expired = figures.Expired + result.Plan.Expired.Count,
            // The record that stopped the partition was taken after all.
            Stopped = figures.Stopped && !result.Plan.HasProgress,
        };

    private void LogTrouble(BatchResult result)
    {
        foreach (var range in result.Plan.Expired)
            _logger.InboxExpired(_options.Consumer, range.AfterSeq, range.BeforeSeq, Partition);
        if (result.Parked > 0)
            _logger.InboxParked(_options.Consumer, result.Parked, Partition);
        if (result.OwnDeadLetters > 0)
            _logger.InboxDeadLetters(_options.Consumer, result.OwnDeadLetters, Partition, result.FirstReason ?? "");
        else if (result.ForeignDeadLetters > 0 && (_foreignLoggedAt == 0 || _clock.GetElapsedTime(_foreignLoggedAt) >= ForeignLogPause))
        {
            // Anybody can write to a topic; that must not fill the log.
            _foreignLoggedAt = _clock.GetTimestamp();
            _logger.InboxForeignDeadLetters(_options.Consumer, result.ForeignDeadLetters, Partition, result.FirstReason ?? "");
        }
    }

    private async Task WaitAsync(Exception exception, CancellationToken cancellationToken)
    {
        var kind = KindOf(exception);
        var changed = kind != _waitingFor;
        _waitingFor = kind;
        var stopped = exception is InboxStoppedException;
        State.Update(figures =>
            figures with
            {
                Waiting = exception.GetBaseException().Message,
                WaitingSince = figures.WaitingSince ?? _clock.GetUtcNow(),
                Stopped = figures.Stopped || stopped,
            }
        );
        if (changed && stopped)
            _logger.InboxStopped(_options.Consumer, Partition, exception.Message);
        // What the connection has to say it has said itself.
        else if (changed && SqlFaults.Classify(exception) is not SqlFault.ConnectionLost)
            _logger.InboxWaits(_options.Consumer, Partition, exception.GetBaseException().Message);
        // With something in hand it does not stand; said before, the relay would send again what is only waiting here.
        if (State.Figures.StalledAt is not null)
            await TryClearStalledAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task TryClearStalledAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SetStalledAsync(false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The database does not take this either; what the caller is told is the first failure.
            _logger.InboxStallNotWritten(_options.Consumer, Partition, exception);
        }
    }

    private async Task SetStalledAsync(bool stalled, CancellationToken cancellationToken)
    {
        long? standsAt = stalled ? State.Figures.NextOffset : null;
        await Connection()
            .UseAsync(
                (connection, cancel) => ProgressRow.SetStalledAsync(connection, _options.Consumer, Partition, standsAt, cancel),
                cancellationToken
            )
            .ConfigureAwait(false);
        _writtenOffset = standsAt ?? _writtenOffset;
        State.Update(figures => figures with { StalledAt = stalled ? _clock.GetUtcNow().UtcDateTime : null });
    }

    private static string KindOf(Exception exception)
    {
        if (SqlFaults.Classify(exception) is SqlFault.ConnectionLost)
            return "connection";
        var cause = exception.GetBaseException();
        return cause is MySqlException error ? $"error {(int)error.ErrorCode}" : cause.GetType().Name;
    }

    private void GoOn()
    {
        if (_waitingFor is null)
            return;
        if (_waitingFor != "connection" && State.Figures.WaitingSince is { } since)
            _logger.InboxGoesOn(_options.Consumer, Partition, (_clock.GetUtcNow() - since).TotalSeconds);
        _waitingFor = null;
        State.Update(figures => figures with { Waiting = null, WaitingSince = null });
    }
}
