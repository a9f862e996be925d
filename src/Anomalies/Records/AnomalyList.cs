using System.Buffers;
using System.Text.Json;

namespace Anomalies.Records;

/// <summary>What the lists of anomalies have in common, whichever way they are ordered.</summary>
internal static class AnomalyList
{
    public const int RowsPerPiece = 1_000;

    /// <summary>Writes a whole list in pieces, so that no connection is held while a client takes its time.</summary>
    /// <param name="context">The request.</param>
    /// <param name="piece">The first <see cref="RowsPerPiece"/> rows; fewer are all.</param>
    /// <param name="next">Reads the rows that follow the one of a number.</param>
    public static async Task<IResult> StreamAsync<TRecord>(
        HttpContext context,
        List<(long No, byte[] Id, TRecord Record)> piece,
        Func<long, Task<List<(long No, byte[] Id, TRecord Record)>>> next
    )
    {
        var cancellationToken = context.RequestAborted;
        context.Response.ContentType = "application/json";
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        await using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        while (true)
        {
            foreach (var (_, _, record) in piece)
                JsonSerializer.Serialize(json, record);
            var isLast = piece.Count < RowsPerPiece;
            if (isLast)
                json.WriteEndArray();
            await json.FlushAsync(cancellationToken);
            await context.Response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
            buffer.ResetWrittenCount();
            if (isLast)
                return Results.Empty;
            piece = await next(piece[^1].No);
        }
    }

    /// <summary>What a cursor says of the row it stands at.</summary>
    public static string IdentityOf(byte[]? id) => id is null ? "" : Convert.ToHexStringLower(id);
}
