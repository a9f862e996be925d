using System.Text.Json;
using System.Text.Unicode;
using Contracts.Fields;

namespace Contracts;

/// <summary>Reads request bodies: one pass that checks, fills the message and finds where the trace id goes.</summary>
internal static class StrictReader
{
    public static EventDraft? Read(EventType type, ReadOnlyMemory<byte> body, out string? error)
    {
        body = WithoutMark(body);
        if (!Utf8.IsValid(body.Span))
        {
            error = "The body is not valid UTF-8.";
            return null;
        }
        var json = new Utf8JsonReader(body.Span);
        try
        {
            return Read(type, body, ref json, out error);
        }
        catch (JsonException malformed)
        {
            error = $"The body is not valid JSON: see line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}.";
            return null;
        }
    }

    private static EventDraft? Read(EventType type, ReadOnlyMemory<byte> body, ref Utf8JsonReader json, out string? error)
    {
        if (body.IsEmpty)
            return Refuse("The body is empty: a JSON object is expected.", out error);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return Refuse("The body must be a JSON object.", out error);

        var start = (int)json.TokenStartIndex;
        var message = type.Create();
        var fields = type.AllFields;
        var seen = 0UL;
        var expected = 0;
        Range? clientTraceId = null;
        HashSet<string>? unknown = null;

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var index = type.IndexOf(ref json, expected);
            if (index < 0)
            {
                if (UnknownProperty(ref json, ref unknown) is { } refused)
                    return Refuse(refused, out error);
                continue;
            }
            expected = index + 1;
            var field = fields[index];
            if ((seen & 1UL << index) != 0)
                return Refuse($"'{field.Name}' is there twice.", out error);
            seen |= 1UL << index;

            json.Read();
            if (field == type.TraceId)
            {
                var from = (int)json.TokenStartIndex - start;
                if (ClientTraceId(type, ref json, message) is { } refused)
                    return Refuse(refused, out error);
                clientTraceId = from..((int)json.BytesConsumed - start);
            }
            else if (json.TokenType == JsonTokenType.Null)
                return Refuse($"'{field.Name}' must not be null.", out error);
            else if (field.Read(ref json, message, Reading.Strict) is { } refused)
                return Refuse(refused, out error);
        }
        var end = (int)json.BytesConsumed;
        json.Read(); // throws when anything but white space follows

        // The client need not send a trace id, since it is overwritten.
        var missing = type.RequiredMask & ~(1UL << fields.Length - 1) & ~seen;
        if (missing != 0)
            return Refuse(type.Missing(missing), out error);
        error = null;
        return new EventDraft(type, message, body[start..end], clientTraceId);
    }

    // Only where the contract lists it is its type checked; the value is overwritten in any case.
    private static string? ClientTraceId(EventType type, ref Utf8JsonReader json, EventMessage message)
    {
        if (type.TraceIdKind != TraceIdKind.Nanoseconds)
            return JsonValue.Check(ref json);
        return json.TokenType == JsonTokenType.Null
            ? $"'{type.TraceId.Name}' must not be null."
            : type.TraceId.Read(ref json, message, Reading.Strict);
    }

    private static string? UnknownProperty(ref Utf8JsonReader json, ref HashSet<string>? seen)
    {
        if (!JsonText.TryGetString(ref json, out var name))
            return "A property's name is not valid Unicode.";
        if (!(seen ??= new HashSet<string>(StringComparer.Ordinal)).Add(name))
            return $"'{name}' is there twice.";
        json.Read();
        return JsonValue.Check(ref json) is { } error ? $"In '{name}': {error}" : null;
    }

    // Some clients begin a text with a byte order mark, which JSON allows a reader to ignore.
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;

    private static EventDraft? Refuse(string reason, out string? error)
    {
        error = reason;
        return null;
    }
}
