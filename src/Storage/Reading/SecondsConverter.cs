using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Storage.Reading;

/// <summary>Writes times as rows have always shown them: whole seconds, UTC, with a Z.</summary>
internal sealed class SecondsConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Rows are only written.");

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[20];
        value.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
