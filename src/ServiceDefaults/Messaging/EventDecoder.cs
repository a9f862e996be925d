using Contracts;
using KafkaMySql;
using MassTransit.Kafka.Extensions;

namespace ServiceDefaults;

/// <summary>Turns the topic's records into events of the catalog, for every reader of the topic.</summary>
public static class EventDecoder
{
    /// <summary>What a record holds.</summary>
    public static InboxContent Decode(RawRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Value is not { } value)
            return new InboxContent.Undecodable("the record has no value", null);
        return Envelope.Read(value) switch
        {
            EnvelopeContent.Event(var type, var message) => new InboxContent.Event(
                type.Id,
                message.Identity,
                type.Digest(message),
                message
            ),
            EnvelopeContent.UnknownType(var type, var traceId) => new InboxContent.UnknownType(type, traceId),
            EnvelopeContent.Undecodable(var reason, var traceId) => new InboxContent.Undecodable(reason, traceId),
            var other => throw new InvalidOperationException($"An envelope cannot hold {other.GetType().Name}."),
        };
    }
}
