using System.Text.Json;
using System.Text.Unicode;
using Contracts;
using KafkaMySql;

namespace Receiver.Batches;

/// <summary>One line of a batch: <c>{"type":"listings","payload":{...},"idempotency_key":"..."}</c>.</summary>
/// <param name="Draft">The event that passed every check; null when it did not.</param>
/// <param name="Key">Its idempotency key, if it has one.</param>
/// <param name="Status">What is wrong, as a status; 0 when nothing is.</param>
/// <param name="Error">What is wrong, as a sentence.</param>
internal readonly record struct BatchLine(EventDraft? Draft, IdempotencyKey? Key, int Status, string? Error)
{
    private static readonly EventType[] Types = [.. EventCatalog.All.Where(type => type.System == EventSystem.RealEstate)];

    private static readonly string TypeRule = $"'type' must be one of {string.Join(", ", Types.Select(type => type.Name))}.";

    public static BatchLine Read(ReadOnlyMemory<byte> line)
    {
        if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
            return Refused("The line is empty.");
        if (!Utf8.IsValid(line.Span))
            return Refused("The line is not valid UTF-8.");
        try
        {
            return Parse(line);
        }
        catch (JsonException malformed)
        {
            return Refused($"The line is not valid JSON: see byte {malformed.BytePositionInLine + 1}.");
        }
    }

    private static BatchLine Parse(ReadOnlyMemory<byte> line)
    {
        var json = new Utf8JsonReader(line.Span);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return Refused("The line must be a JSON object.");
        EventType? type = null;
        ReadOnlyMemory<byte>? payload = null;
        string? key = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonNames.Of(ref json);
            json.Read();
            switch (name)
            {
                case "type" when type is not null:
                case "payload" when payload is not null:
                case "idempotency_key" when key is not null:
                    return Refused($"'{name}' is there twice.");
                case "type":
                    type = TypeOf(ref json);
                    if (type is null)
                        return Refused(TypeRule);
                    break;
                case "payload":
                    if (json.TokenType != JsonTokenType.StartObject)
                        return Refused("'payload' must be an object.");
                    var start = (int)json.TokenStartIndex;
                    json.Skip();
                    payload = line[start..(int)json.BytesConsumed];
                    break;
                case "idempotency_key":
                    key = JsonNames.StringOf(ref json);
                    if (key is null || !IdempotencyKeys.IsKey(key))
                        return Refused($"'idempotency_key' must be {IdempotencyKeys.Rule}.");
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
        json.Read(); // throws when anything but white space follows
        if (type is null)
            return Refused("'type' is required.");
        return payload is { } body ? Check(type, body, key) : Refused("'payload' is required.");
    }

    private static BatchLine Check(EventType type, ReadOnlyMemory<byte> payload, string? key)
    {
        if (payload.Length > FieldLimits.Body)
            return new BatchLine(null, null, StatusCodes.Status413PayloadTooLarge, $"'payload' is larger than {FieldLimits.Body} bytes.");
        return type.Check(payload, out var error) is { } draft
            ? new BatchLine(draft, key is null ? null : IdempotencyKeys.Of(key, draft), 0, null)
            : Refused(error!);
    }

    private static EventType? TypeOf(ref Utf8JsonReader json)
    {
        var name = JsonNames.StringOf(ref json);
        return Array.Find(Types, type => type.Name == name);
    }

    private static BatchLine Refused(string error) => new(null, null, StatusCodes.Status400BadRequest, error);
}
