using System.Buffers;
using System.Text.Json;
using Contracts;
using ServiceDefaults;

namespace Analyzer.Reading;

/// <summary>Writes the ids of a type in the order of the index: all of them as a stream, or page by page; as an array or one to a line.</summary>
internal sealed class IdLists(EventIndex index)
{
    public const string Lines = "application/x-ndjson";

    // A stream is read in pieces of so many rows. No connection is held while a client takes its time.
    private const int RowsPerPiece = 2_000;

    public async Task WriteAsync(HttpContext context, EventType type, int? limit, string? after)
    {
        Paging.CheckLimit(limit);
        var cursor = PositionCursor.Read(after, type.Id);
        var cancellationToken = context.RequestAborted;
        if (cursor.Position >= 0 && await index.TraceIdAtAsync(type, cursor.Position, cancellationToken) != cursor.Identity)
            throw PositionCursor.Gone();
        var asLines = WantsLines(context.Request);
        context.Response.ContentType = asLines ? Lines : "application/json";
        if (limit is null && after is null)
            await StreamAsync(context, type, asLines);
        else
            await PageAsync(context, type, cursor, limit ?? Paging.DefaultLimit, asLines);
    }

    private async Task StreamAsync(HttpContext context, EventType type, bool asLines)
    {
        var cancellationToken = context.RequestAborted;
        // Only what was there at the beginning, so that the list has an end however fast events come.
        var end = (await index.HeadsAsync(cancellationToken)).GetValueOrDefault(type.Id).Next;
        var ids = new IdWriter(type, asLines);
        long last = -1;
        int count;
        do
        {
            var piece = await index.IdsAsync(type, last, end, RowsPerPiece, cancellationToken);
            count = piece.Count;
            ids.Add(piece);
            if (count > 0)
                last = piece[^1].Position;
            if (count < RowsPerPiece)
                ids.End();
            // Sent only when the piece is whole: a failure before the first is still a proper error reply.
            await context.Response.Body.WriteAsync(ids.Take(), cancellationToken);
        } while (count == RowsPerPiece);
    }

    private async Task PageAsync(HttpContext context, EventType type, PositionCursor cursor, int limit, bool asLines)
    {
        var page = await index.IdsAsync(type, cursor.Position, long.MaxValue, limit, context.RequestAborted);
        var ids = new IdWriter(type, asLines);
        ids.Add(page);
        ids.End();
        var next = page.Count == 0 ? cursor : new PositionCursor(type.Id, page[^1].Position, page[^1].TraceId);
        context.Response.Headers[Paging.NextAfterHeader] = next.ToString();
        var body = ids.Take();
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static bool WantsLines(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .Accept.OrderByDescending(accepted => accepted.Quality ?? 1)
            .Select(accepted => accepted.MediaType.Value)
            .FirstOrDefault(mediaType => mediaType is Lines or "application/json" or "application/*" or "*/*") == Lines;

    /// <summary>Puts ids into a buffer that is taken piece by piece.</summary>
    private sealed class IdWriter
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
        private readonly EventType _type;
        private readonly bool _asLines;
        private bool _first = true;

        public IdWriter(EventType type, bool asLines)
        {
            _type = type;
            _asLines = asLines;
            if (!asLines)
                _buffer.Write("["u8);
        }

        public void Add(IEnumerable<(long Position, string EventId, string TraceId)> ids)
        {
            using var json = new Utf8JsonWriter(_buffer);
            foreach (var (_, eventId, traceId) in ids)
            {
                if (!_asLines && !_first)
                    _buffer.Write(","u8);
                _first = false;
                json.Reset();
                json.WriteStartObject();
                json.WriteEventId(_type, eventId);
                json.WriteTraceId(_type, traceId);
                json.WriteEndObject();
                json.Flush();
                if (_asLines)
                    _buffer.Write("\n"u8);
            }
        }

        public void End()
        {
            if (!_asLines)
                _buffer.Write("]"u8);
        }

        // The memory is the buffer's own: it is written out before anything is added.
        public ReadOnlyMemory<byte> Take()
        {
            var written = _buffer.WrittenMemory;
            _buffer.ResetWrittenCount();
            return written;
        }
    }
}
