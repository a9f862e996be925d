using MySqlConnector;

namespace KafkaMySql;

/// <summary>
/// One transaction of the inbox: fence and clock, plan, tables, entries, progress, commit. For ordinary records these are four round
/// trips, and one more for each further type in the batch: the beginning goes in the packet of the fence.
/// </summary>
internal sealed class BatchTransaction(InboxOptions options, RecordDecoder decoder)
{
    // A batch of repeats changes nothing but the hint where to read on, which may be late by this much before it is worth a write.
    private const long HintSlack = 10_000;

    private readonly DeadLetterTable _deadLetters = new(
        options.Consumer,
        // By partition, since the fence that makes the count exact is the partition's.
        options.MaxForeignRawPerDay / options.Partitions
    );
    private readonly ParkedTable _parked = new(options.Consumer, options.Topic);
    private readonly ExpiredTable _expired = new(options.Consumer);

    /// <summary>Runs and commits. On any exception the caller rolls back, and nothing has changed unless the commit itself failed.</summary>
    /// <exception cref="TableFaultException">A table refused an event.</exception>
    /// <exception cref="InboxRowMissingException">The progress row is gone.</exception>
    public async Task<BatchResult> RunAsync(
        MySqlConnection connection,
        BatchRequest request,
        StallRule stall,
        CancellationToken cancellationToken
    )
    {
        var (before, now) =
            await ProgressRow.LockAsync(connection, options.Consumer, request.Partition, cancellationToken).ConfigureAwait(false)
            ?? throw new InboxRowMissingException(options.Consumer, request.Partition);
        var at = now > before.LastAt ? now : before.LastAt;
        // Under the fence: if anybody moved the row meanwhile, what was passed is left to the rule, which has it sent again where it is missing.
        PassedRange? passed = request.Passed is { } range && range.From == before.LastSeq ? range : null;
        var plan = BatchPlan.Make(passed?.To ?? before.LastSeq, request.Partition, request.Items.Span, decoder);
        var work = request.LookUp
            ? TableWork.Sort(plan.Events, await StoredAsync(connection, plan, cancellationToken).ConfigureAwait(false))
            : TableWork.InsertAll(plan.Events);

        var letters = await LettersAsync(connection, request, plan, work, cancellationToken).ConfigureAwait(false);
        if (await CutAsync(connection, request, letters, at, cancellationToken).ConfigureAwait(false) is { } cut)
        {
            await ExecuteAsync(connection, "ROLLBACK", cancellationToken).ConfigureAwait(false);
            return new BatchResult
            {
                Plan = plan,
                Progress = before,
                CutAt = cut,
            };
        }

        var stalledAt = StalledAt(request, before, plan, passed is not null, stall, at);
        var changes = passed is not null || plan.HasProgress || work.HasWork || letters.Count > 0 || plan.Parked.Count > 0;
        if (!changes && stalledAt == before.StalledAt && !HintIsLate(request, before))
        {
            await ExecuteAsync(connection, "ROLLBACK", cancellationToken).ConfigureAwait(false);
            return new BatchResult { Plan = plan, Progress = before };
        }

        var nextRow = Number(plan.Events, before.NextRow + (passed?.Rows ?? 0), at);
        await WriteTablesAsync(connection, work, cancellationToken).ConfigureAwait(false);
        await _deadLetters.InsertAsync(connection, request.Partition, letters, at, cancellationToken).ConfigureAwait(false);
        var parked = await _parked.InsertAsync(connection, request.Partition, plan.Parked, at, cancellationToken).ConfigureAwait(false);
        await _expired.InsertAsync(connection, request.Partition, plan.Expired, at, cancellationToken).ConfigureAwait(false);
        var books = await BooksAsync(connection, request, plan, letters, at, cancellationToken).ConfigureAwait(false);
        var after = before with
        {
            LastSeq = plan.Last,
            NextRow = nextRow,
            NextOffset = request.NextOffset ?? before.NextOffset,
            LastAt = at,
            StalledAt = stalledAt,
            Applied = before.Applied + (passed?.Applied ?? 0) + books.Applied,
            Dead = before.Dead + books.Dead,
            Parked = before.Parked + parked + books.Parked,
        };
        await after.WriteAsync(connection, options.Consumer, request.Partition, cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(connection, "COMMIT", cancellationToken).ConfigureAwait(false);
        return new BatchResult
        {
            Plan = plan,
            Progress = after,
            Stored = work.Inserted,
            Adopted = work.Adopted,
            OwnDeadLetters = letters.Count(letter => letter.IsOwn),
            ForeignDeadLetters = letters.Count(letter => !letter.IsOwn),
            FirstReason = letters.Count > 0 ? letters[0].Reason : null,
            Parked = parked,
            Written = true,
        };
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<Dictionary<ushort, Dictionary<string, ulong>>> StoredAsync(
        MySqlConnection connection,
        BatchPlan plan,
        CancellationToken cancellationToken
    )
    {
        var stored = new Dictionary<ushort, Dictionary<string, ulong>>();
        foreach (var type in plan.Events.GroupBy(planned => planned.Event.TypeId).OrderBy(type => type.Key))
        {
            var ids = type.Select(planned => planned.Event.TraceId).ToHashSet();
            stored[type.Key] = new Dictionary<string, ulong>(
                await options.Tables[type.Key].DigestsAsync(connection, ids, cancellationToken).ConfigureAwait(false)
            );
        }
        return stored;
    }

    private async Task<List<DeadLetter>> LettersAsync(
        MySqlConnection connection,
        BatchRequest request,
        BatchPlan plan,
        TableWork work,
        CancellationToken cancellationToken
    )
    {
        if (request.Direct || plan.DeadLetters.Count + work.Conflicts.Count == 0)
            return [];
        return await _deadLetters
            .NewAsync(connection, request.Partition, [.. plan.DeadLetters, .. work.Conflicts], cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>How many items come before the first own record whose entry would be over the limit; null when all are within it.</summary>
    private async Task<int?> CutAsync(
        MySqlConnection connection,
        BatchRequest request,
        List<DeadLetter> letters,
        DateTime at,
        CancellationToken cancellationToken
    )
    {
        var own = letters.Where(letter => letter.IsOwn).Select(letter => letter.Item).ToHashSet();
        if (own.Count == 0)
            return null;
        var left =
            request.DeadLetterLimit
            ?? options.MaxDeadLettersPerMinute
                - await _deadLetters.CountOwnSinceAsync(connection, request.Partition, at, cancellationToken).ConfigureAwait(false);
        if (own.Count <= left)
            return null;
        for (var i = 0; i < request.Items.Length; i++)
        {
            if (own.Contains(request.Items.Span[i]) && --left < 0)
                return i;
        }
        return request.Items.Length;
    }

    // Stalled is what the relay rewinds for, so it is said only when the reader has seen all there was and could not take it.
    private static DateTime? StalledAt(BatchRequest request, ProgressRow before, BatchPlan plan, bool passed, StallRule stall, DateTime at)
    {
        if (plan.HasProgress || passed)
            return request.Stands ? at : null;
        if (plan.Ahead == 0 || request.NextOffset is not { } nextOffset || request.HighWatermark < 0)
            return before.StalledAt;
        stall.Ahead(request.HighWatermark);
        return before.StalledAt ?? (stall.IsStalled(nextOffset, request.HighWatermark) ? at : null);
    }

    private static bool HintIsLate(BatchRequest request, ProgressRow before) =>
        request.NextOffset is { } nextOffset && Math.Abs(nextOffset - before.NextOffset) >= HintSlack;

    private static long Number(List<PlannedEvent> events, long nextRow, DateTime at)
    {
        foreach (var planned in events)
        {
            if (planned.Item.Outcome is not InboxOutcome.Stored || planned.Item.IsAdopted)
                continue;
            planned.Event.At = at;
            planned.Event.RowNo = nextRow++;
        }
        return nextRow;
    }

    private async Task WriteTablesAsync(MySqlConnection connection, TableWork work, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (type, events) in work.Inserts)
                await options.Tables[type].InsertAsync(connection, events, cancellationToken).ConfigureAwait(false);
            foreach (var (type, events) in work.Adoptions)
                await options.Tables[type].AdoptAsync(connection, [.. events.Values], cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlException exception) when (SqlFaults.Classify(exception) is SqlFault.Content or SqlFault.Duplicate)
        {
            throw new TableFaultException(SqlFaults.Classify(exception), work.Inserted + work.Adopted, exception);
        }
    }

    /// <summary>Closes the entries of repaired and unparked records, and says by how much the books change.</summary>
    private async Task<(long Applied, long Dead, long Parked)> BooksAsync(
        MySqlConnection connection,
        BatchRequest request,
        BatchPlan plan,
        List<DeadLetter> letters,
        DateTime at,
        CancellationToken cancellationToken
    )
    {
        long applied = plan.Events.Count(planned => planned.Item is { Coordinate.Origin: RecordOrigin.Own, Outcome: InboxOutcome.Stored });
        long dead = letters.Count(letter => letter.IsOwn);
        long parked = 0;
        var stored = plan
            .Events.Where(planned => planned.Item is { Coordinate.Origin: RecordOrigin.Repair, Outcome: InboxOutcome.Stored })
            .Select(planned => planned.Item.Coordinate.Seq)
            .ToHashSet();
        if (stored.Count > 0)
        {
            var closed = await _deadLetters.CloseAsync(connection, request.Partition, stored, at, cancellationToken).ConfigureAwait(false);
            var unparked = await _parked.RemoveAsync(connection, request.Partition, stored, cancellationToken).ConfigureAwait(false);
            applied += closed + unparked;
            dead -= closed;
            parked -= unparked;
        }
        // A repair that is refused was counted as something else before: as parked, or as applied where the row has been lost since.
        var refused = letters
            .Where(letter => letter.Item.Coordinate.Origin is RecordOrigin.Repair)
            .Select(letter => letter.Item.Coordinate.Seq)
            .ToHashSet();
        if (refused.Count > 0)
        {
            var unparked = await _parked.RemoveAsync(connection, request.Partition, refused, cancellationToken).ConfigureAwait(false);
            parked -= unparked;
            applied -= refused.Count - unparked;
        }
        return (applied, dead, parked);
    }
}
