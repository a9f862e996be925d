using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ServiceDefaults;

/// <summary>Writes error replies: problem documents of exactly four keys, and the one-key message of domain errors.</summary>
internal static class ProblemDocument
{
    public static Task WriteAsync(HttpContext context, int status, string detail) =>
        WriteAsync(
            context,
            status,
            "application/problem+json",
            json =>
            {
                json.WriteString("type"u8, "about:blank");
                json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error");
                json.WriteString("detail"u8, detail);
                json.WriteNumber("status"u8, status);
            }
        );

    public static Task WriteMessageAsync(HttpContext context, int status, string message) =>
        WriteAsync(context, status, "application/json", json => json.WriteString("message"u8, message));

    private static async Task WriteAsync(HttpContext context, int status, string contentType, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
