using System.Buffers;
using System.Collections.ObjectModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contracts.Fields;

namespace Contracts;

/// <summary>Payloads of messages that have no text of their own.</summary>
internal static class PayloadText
{
    // Not for HTML: what is readable stays readable on the topic.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyDictionary<string, JsonElement> NoProperties { get; } = ReadOnlyDictionary<string, JsonElement>.Empty;

    /// <summary>The message's properties in the catalog's order, then the unknown ones, then the trace id.</summary>
    public static ReadOnlyMemory<byte> Write(EventMessage message)
    {
        var type = EventCatalog.Of(message);
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        foreach (var field in type.Fields)
            field.Write(json, message);
        foreach (var (name, value) in message.UnknownProperties)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
        type.TraceId.Write(json, message);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The properties of a payload that the catalog does not know.</summary>
    public static IReadOnlyDictionary<string, JsonElement> UnknownProperties(EventType type, ReadOnlyMemory<byte> payload)
    {
        var unknown = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(payload.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            // What is not valid Unicode could not be written again.
            var name = type.IndexOf(ref json, 0) < 0 && JsonText.TryGetString(ref json, out var text) ? text : null;
            json.Read();
            var probe = json;
            if (name is null || JsonValue.Check(ref probe) is not null)
                json.Skip();
            else
                unknown[name] = JsonElement.ParseValue(ref json);
        }
        return unknown.Count == 0 ? NoProperties : unknown;
    }
}
