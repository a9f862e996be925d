using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MySqlConnector;
using ServiceDefaults;

namespace Storage.Reading;

/// <summary>Answers the lists: a whole window as a stream, or page by page with a cursor.</summary>
internal sealed class EventLists(ServiceDatabase database, Horizons horizons)
{
    public const string CompleteUntilHeader = "X-Complete-Until";
    public const string NextRowsHeader = "X-Next-Rows";
    public const string TableRevHeader = "X-Table-Rev";

    // A stream is read in pieces of so many rows. No connection and no snapshot is held while a client takes its time.
    private const int RowsPerPiece = 1_000;

    public async Task WriteAsync<TRow>(HttpContext context, EventQuery<TRow> query, ListRequest request)
    {
        var cancellationToken = context.RequestAborted;
        var until = await horizons.UntilAsync(request.End, cancellationToken);
        if (until != request.End)
            context.Response.Headers[CompleteUntilHeader] = until.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/json";
        if (request.Limit is null && request.After is null)
            await StreamAsync(context, query, request.Start ?? DateTime.UnixEpoch, until);
        else
            await WritePageAsync(context, query, request, until);
    }

    private async Task StreamAsync<TRow>(HttpContext context, EventQuery<TRow> query, DateTime start, DateTime until)
    {
        var cancellationToken = context.RequestAborted;
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        await using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        RowPosition? last = null;
        int count;
        do
        {
            await using (var connection = await database.Source.OpenConnectionAsync(cancellationToken))
                (last, count) = await query.WindowAsync(connection, start, until, last, RowsPerPiece, json, cancellationToken);
            if (count < RowsPerPiece)
                json.WriteEndArray();
            await json.FlushAsync(cancellationToken);
            // Sent only when the piece is whole: a failure before the first is still a proper error reply.
            await context.Response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
            buffer.ResetWrittenCount();
        } while (count == RowsPerPiece);
    }

    private async Task WritePageAsync<TRow>(HttpContext context, EventQuery<TRow> query, ListRequest request, DateTime until)
    {
        var cancellationToken = context.RequestAborted;
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        await using var json = new Utf8JsonWriter(buffer);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // Read first: rows of a later revision make the next page tell it.
        var revision = await query.RevisionAsync(connection, cancellationToken);
        var cursor = await CursorAsync(connection, query, request, cancellationToken);
        var bounds = await BoundsAsync(connection, query, until == request.End ? until : null, cancellationToken);
        json.WriteStartArray();
        var rows = await query.PageAsync(connection, cursor, bounds, until, request.Limit ?? Paging.DefaultLimit, json, cancellationToken);
        json.WriteEndArray();
        await json.FlushAsync(cancellationToken);

        var next = cursor.After(rows);
        context.Response.Headers[Paging.NextAfterHeader] = next.ToString();
        context.Response.Headers[NextRowsHeader] = next.Rows();
        context.Response.Headers[TableRevHeader] = revision.ToString(CultureInfo.InvariantCulture);
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
    }

    private async Task<ListCursor> CursorAsync<TRow>(
        MySqlConnection connection,
        EventQuery<TRow> query,
        ListRequest request,
        CancellationToken cancellationToken
    )
    {
        if (request.After is { } after)
        {
            if (after.TypeId != query.Table.Type.Id)
                throw new ProblemException(StatusCodes.Status400BadRequest, "The parameter after is a cursor of another list.");
            if (!await query.HoldsAsync(connection, after, cancellationToken))
                throw new ProblemException(
                    StatusCodes.Status410Gone,
                    "A row that the cursor after names is not there any more, because the database was restored or reset: start over without it."
                );
            return after;
        }
        var start = request.Start ?? DateTime.UnixEpoch;
        var cursor = ListCursor.Beginning(query.Table.Type.Id, start);
        if (start == DateTime.UnixEpoch)
            return cursor;
        var last = new Dictionary<int, (long, string)>();
        foreach (var partition in horizons.All)
        {
            if (await query.LastBeforeAsync(connection, partition, start, cancellationToken) is { } row)
                last[partition] = row;
        }
        return cursor with { Last = last };
    }

    // Rows behind the end of a list are passed over one by one, which is nothing at the horizon but much in the past: there the last row is looked up.
    private async Task<Dictionary<int, long?>> BoundsAsync<TRow>(
        MySqlConnection connection,
        EventQuery<TRow> query,
        DateTime? end,
        CancellationToken cancellationToken
    )
    {
        var bounds = new Dictionary<int, long?>();
        foreach (var partition in horizons.All)
            bounds[partition] = end is { } before
                ? (await query.LastBeforeAsync(connection, partition, before, cancellationToken))?.RowNo ?? 0
                : null;
        return bounds;
    }
}
