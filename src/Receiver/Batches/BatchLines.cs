using System.Text.Json;
using System.Text.Unicode;
using Contracts;
using ServiceDefaults;

namespace Receiver.Batches;

/// <summary>Reads the lines of a batch: each an event of a type whose system is on.</summary>
internal sealed class BatchLines(EnabledSystems systems, UserRules users)
{
    private readonly EventType[] _types = [.. systems.Types];

    private string TypeRule => $"'type' must be one of {string.Join(", ", _types.Select(type => type.Name))}.";

    public BatchLine Read(ReadOnlyMemory<byte> line)
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

    private BatchLine Parse(ReadOnlyMemory<byte> line)
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

    private BatchLine Check(EventType type, ReadOnlyMemory<byte> payload, string? key)
    {
        if (payload.Length > FieldLimits.Body)
            return BatchLine.Refused($"'payload' is larger than {FieldLimits.Body} bytes.", StatusCodes.Status413PayloadTooLarge);
        if (type.Check(payload, out var error) is not { } draft)
            return Refused(error!);
        return users.Refuse(draft) is { } refused
            ? Refused(refused)
            : new BatchLine(draft, key is null ? null : IdempotencyKeys.Of(key, draft), 0, null);
    }

    private EventType? TypeOf(ref Utf8JsonReader json)
    {
        var name = JsonNames.StringOf(ref json);
        return Array.Find(_types, type => type.Name == name);
    }

    private static BatchLine Refused(string error) => BatchLine.Refused(error);
}
