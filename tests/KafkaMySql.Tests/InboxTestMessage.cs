using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using MassTransit.Kafka.Extensions;

namespace KafkaMySql.Tests;

/// <summary>The message of the tests: its type is a letter, known types are numbered from 1.</summary>
internal sealed record InboxTestMessage(string Type, string TraceId, string Text, int Number)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    public ulong Digest => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{Type}|{TraceId}|{Text}|{Number}"));

    /// <summary>A decoder that knows the types named by the letters of <paramref name="known"/>.</summary>
    public static InboxDecoder Decoder(string known) => record => Decode(record, known);

    private static InboxContent Decode(RawRecord record, string known)
    {
        if (record.Value is null)
            return new InboxContent.Undecodable("no value", null);
        InboxTestMessage? message;
        try
        {
            message = JsonSerializer.Deserialize<InboxTestMessage>(record.Value);
        }
        catch (JsonException exception)
        {
            return new InboxContent.Undecodable(exception.Message, null);
        }
        if (message?.Type is null || message.TraceId is null)
            return new InboxContent.Undecodable("a needed field is missing", null);
        var type = known.IndexOf(message.Type, StringComparison.Ordinal);
        return type < 0
            ? new InboxContent.UnknownType(message.Type, message.TraceId)
            : new InboxContent.Event((ushort)(type + 1), message.TraceId, message.Digest, message);
    }
}
