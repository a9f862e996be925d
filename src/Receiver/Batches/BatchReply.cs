using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServiceDefaults;

namespace Receiver.Batches;

/// <summary>The reply to a batch: one line per line, in order, each with a status of its own.</summary>
internal sealed class BatchReply(IReadOnlyList<BatchResult> results) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/x-ndjson";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>200, unless something could have become durable and nothing did.</summary>
    public int? StatusCode { get; } =
        results.Any(result => result.RetryAfter is not null) && !results.Any(result => result.Status == StatusCodes.Status201Created)
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status200OK;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var body = new ArrayBufferWriter<byte>(64 * results.Count);
        using var json = new Utf8JsonWriter(body, Options);
        for (var at = 0; at < results.Count; at++)
        {
            Write(json, at + 1, results[at]);
            json.Flush();
            json.Reset();
            body.Write("\n"u8);
        }
        var response = httpContext.Response;
        response.StatusCode = StatusCode!.Value;
        response.ContentType = ContentType;
        response.ContentLength = body.WrittenCount;
        if (StatusCode != StatusCodes.Status200OK)
            response.SetRetryAfter(results.Max(result => result.RetryAfter ?? TimeSpan.Zero));
        return response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted).AsTask();
    }

    private static void Write(Utf8JsonWriter json, int line, BatchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("line"u8, line);
        json.WriteNumber("status"u8, result.Status);
        if (result.TraceId is { } traceId)
        {
            json.WritePropertyName("trace_id"u8);
            json.WriteRawValue(traceId, skipInputValidation: true);
        }
        else
            json.WriteString("detail"u8, result.Detail);
        json.WriteEndObject();
    }
}
