using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Contracts.Fields;

namespace Contracts;

/// <summary>Reads what stands on the topic: keys in any order, further keys, a type that came later, integers written as <c>1.0</c>.</summary>
internal static class LenientReader
{
    public static EnvelopeContent Read(ReadOnlyMemory<byte> value)
    {
        if (value.Span.StartsWith("\uFEFF"u8))
            value = value[3..];
        if (!Utf8.IsValid(value.Span))
            return Undecodable("The value is not valid UTF-8.");
        var json = new Utf8JsonReader(value.Span);
        try
        {
            return Read(value, ref json);
        }
        catch (JsonException malformed)
        {
            return Undecodable(
                $"The value is not valid JSON: see line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}."
            );
        }
    }

    private static EnvelopeContent Read(ReadOnlyMemory<byte> value, ref Utf8JsonReader json)
    {
        if (value.IsEmpty)
            return Undecodable("The value is empty.");
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return Undecodable("The value must be a JSON object.");

        string? type = null;
        string? error = null;
        DateTime? at = null;
        ReadOnlyMemory<byte>? payload = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonText.Is(ref json, "type"u8))
            {
                json.Read();
                if (json.TokenType != JsonTokenType.String || !JsonText.TryGetString(ref json, out type))
                    error ??= "'type' must be a string.";
            }
            else if (JsonText.Is(ref json, "datetime"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.String && JsonText.TryParseInstant(ref json, out var utc))
                    at = utc;
                else
                    error ??= "'datetime' must be a date-time.";
            }
            else if (JsonText.Is(ref json, "payload"u8))
            {
                json.Read();
                var start = (int)json.TokenStartIndex;
                if (json.TokenType != JsonTokenType.StartObject)
                    error ??= "'payload' must be an object.";
                json.Skip();
                payload = value[start..(int)json.BytesConsumed];
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
        json.Read(); // throws when anything but white space follows

        error ??= (type, at, payload) switch
        {
            (null, _, _) => "'type' is required.",
            (_, null, _) => "'datetime' is required.",
            (_, _, null) => "'payload' is required.",
            _ => null,
        };
        if (error is not null)
            return new EnvelopeContent.Undecodable(error, TraceIdOf(payload));
        return EventCatalog.Find(type) is { } known
            ? ReadPayload(known, payload!.Value, at!.Value)
            : new EnvelopeContent.UnknownType(type!, TraceIdOf(payload));
    }

    private static EnvelopeContent ReadPayload(EventType type, ReadOnlyMemory<byte> payload, DateTime at)
    {
        var json = new Utf8JsonReader(payload.Span);
        var message = type.Create();
        var fields = type.AllFields;
        var seen = 0UL;
        var expected = 0;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var index = type.IndexOf(ref json, expected);
            json.Read();
            if (index < 0)
            {
                json.Skip();
                continue;
            }
            expected = index + 1;
            seen |= 1UL << index;
            if (fields[index].Read(ref json, message, Reading.Lenient) is { } error)
                return new EnvelopeContent.Undecodable(error, TraceIdOf(payload));
        }
        if ((type.RequiredMask & ~seen) is var missing and not 0)
            return new EnvelopeContent.Undecodable(type.Missing(missing), TraceIdOf(payload));
        message.SetPostedAt(new DateTimeOffset(at));
        message.Original = payload;
        return new EnvelopeContent.Event(type, message);
    }

    // For whoever looks at what could not be stored; the payload is known to be JSON.
    private static string? TraceIdOf(ReadOnlyMemory<byte>? payload)
    {
        if (payload is not { } text)
            return null;
        var json = new Utf8JsonReader(text.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = JsonText.Is(ref json, "trace_id"u8);
            json.Read();
            if (found && json.TokenType == JsonTokenType.Number)
                return Encoding.UTF8.GetString(json.ValueSpan);
            if (found && json.TokenType == JsonTokenType.String && JsonText.TryGetString(ref json, out var traceId))
                return traceId;
            json.Skip();
        }
        return null;
    }

    private static EnvelopeContent.Undecodable Undecodable(string reason) => new(reason, null);
}
