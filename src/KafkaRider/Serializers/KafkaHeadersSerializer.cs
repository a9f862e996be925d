using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MassTransit.Logging;
using MassTransit.Serialization;

namespace MassTransit.KafkaIntegration.Serializers;

internal sealed class KafkaHeadersSerializer : IHeadersSerializer
{
    public Confluent.Kafka.Headers Serialize(SendContext context)
    {
        var headers = new Confluent.Kafka.Headers();
        foreach (var (key, value) in context.Headers.GetAll())
            if (IsCarried(key) && value is not null)
                headers.Add(key, Bytes(value));

        // The context's own fields win over copies of a consumed message's headers.
        Set(headers, KafkaHeaderNames.MessageId, context.MessageId);
        Set(headers, KafkaHeaderNames.CorrelationId, context.CorrelationId);
        Set(headers, KafkaHeaderNames.ConversationId, context.ConversationId);
        Set(headers, KafkaHeaderNames.InitiatorId, context.InitiatorId);
        Set(headers, KafkaHeaderNames.SourceAddress, context.SourceAddress?.ToString());
        Set(headers, KafkaHeaderNames.DestinationAddress, context.DestinationAddress?.ToString());
        Set(headers, KafkaHeaderNames.ContentType, context.ContentType?.ToString());

        // Written for unsampled traces too, so that a decision not to sample travels along.
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } activity)
        {
            Set(headers, KafkaHeaderNames.TraceParent, id);
            Set(headers, DiagnosticHeaders.ActivityId, id);
            if (activity.TraceStateString is { Length: > 0 } state)
                Set(headers, KafkaHeaderNames.TraceState, state);
        }
        return headers;
    }

    private static bool IsCarried(string key) =>
        key is MessageHeaders.FaultMessage or MessageHeaders.FaultInputAddress
        || !key.StartsWith("MT-Fault-", StringComparison.Ordinal) && !key.StartsWith("MT-Host-", StringComparison.Ordinal);

    private static void Set(Confluent.Kafka.Headers headers, string key, Guid? value)
    {
        if (value is { } id)
            Set(headers, key, id.ToString("D", CultureInfo.InvariantCulture));
    }

    private static void Set(Confluent.Kafka.Headers headers, string key, string? value)
    {
        if (value is null)
            return;
        headers.Remove(key);
        headers.Add(key, Encoding.UTF8.GetBytes(value));
    }

    private static byte[] Bytes(object value) =>
        value switch
        {
            string text => Encoding.UTF8.GetBytes(text),
            byte[] bytes => bytes,
            Guid id => Encoding.UTF8.GetBytes(id.ToString("D", CultureInfo.InvariantCulture)),
            Uri uri => Encoding.UTF8.GetBytes(uri.ToString()),
            _ => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), SystemTextJsonMessageSerializer.Options),
        };
}
