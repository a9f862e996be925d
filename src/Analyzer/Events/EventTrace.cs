using Analyzer.Reading;
using ServiceDefaults;

namespace Analyzer.Events;

/// <summary>Finds out where one event has come: looks into the index and asks everybody else at once.</summary>
internal sealed class EventTrace(EventIndex index, CatchUp reader, Neighbours neighbours, ServiceDatabase database, KafkaAddress kafka)
{
    /// <summary>The report; or else the reply that says why there is none.</summary>
    public async Task<IResult> FindAsync(string traceId, string? type, CancellationToken cancellationToken)
    {
        if (await RowAsync(traceId, type, cancellationToken) is { } row)
            return await ReportAsync(traceId, row, null, null, cancellationToken);

        var asking = neighbours.StorageAsync(traceId, type, cancellationToken);
        var behind = await reader.WaitAsync(cancellationToken);
        if (await RowAsync(traceId, type, cancellationToken) is { } meanwhile)
            return await ReportAsync(traceId, meanwhile, null, await asking, cancellationToken);
        var stored = await asking;
        var refused = await RefusedRecord.FindAsync(database, traceId, cancellationToken);
        if (stored.Found is not null || refused is not null)
            return await ReportAsync(traceId, null, refused, stored, cancellationToken);
        // That there is no such event is said only when everybody was asked who could have it.
        if ((behind ?? stored.Silence) is { } doubt)
            return Replies.Message(
                StatusCodes.Status503ServiceUnavailable,
                $"No event with trace id {traceId} yet. {doubt}",
                CatchUp.RetryAfter
            );
        return Replies.Message(StatusCodes.Status404NotFound, $"No event with trace id {traceId}!");
    }

    private async Task<IndexRow?> RowAsync(string traceId, string? type, CancellationToken cancellationToken) =>
        (await index.FindAsync(traceId, cancellationToken)).FirstOrDefault(row => type is null || row.Type.Name == type);

    private async Task<IResult> ReportAsync(
        string traceId,
        IndexRow? row,
        RefusedRecord? refused,
        Reply<StoredEvent>? storage,
        CancellationToken cancellationToken
    )
    {
        var asking = storage is not null ? Task.FromResult(storage) : neighbours.StorageAsync(traceId, row?.Type.Name, cancellationToken);
        var counted = neighbours.ProcessingAsync(cancellationToken);
        var verdict = neighbours.ConsistencyAsync(traceId, cancellationToken);
        var anomalies = neighbours.AnomaliesAsync(traceId, cancellationToken);
        (int Partition, ulong? Seq) place =
            row is not null ? (row.Partition, row.Seq)
            : storage?.Found is { } stored ? (stored.Partition, stored.Seq)
            : (refused?.Partition ?? 0, refused?.Seq);
        var log = place.Seq is { } seq ? await LogAsync(traceId, place.Partition, seq, cancellationToken) : Reply<LogEntry>.None;
        var all = new KnownOfEvent
        {
            TraceId = traceId,
            Topic = kafka.Topic,
            Row = row,
            Refused = refused,
            Place = place,
            Log = log,
            Stored = await asking,
            Counted = await counted,
            Verdict = await verdict,
            Anomalies = await anomalies,
        };
        return Results.Ok(all.ToReport());
    }

    // A log that was begun anew may have given the place to another event.
    private async Task<Reply<LogEntry>> LogAsync(string traceId, int partition, ulong seq, CancellationToken cancellationToken)
    {
        var reply = await neighbours.LogAsync(partition, seq, cancellationToken);
        return reply.Found is { } entry && entry.TraceId != traceId ? Reply<LogEntry>.None : reply;
    }
}
