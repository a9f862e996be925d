using System.Diagnostics;
using System.Text;
using MassTransit;
using MassTransit.KafkaIntegration.Serializers;

namespace ServiceDefaults;

/// <summary>Writes the trace context and nothing else: what identifies an event stands in its payload.</summary>
public sealed class TraceHeadersSerializer : IHeadersSerializer
{
    /// <summary>The header of the W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <inheritdoc />
    public Confluent.Kafka.Headers Serialize(SendContext context)
    {
        var headers = new Confluent.Kafka.Headers();
        if (Current() is { } id)
            headers.Add(TraceParent, Encoding.ASCII.GetBytes(id));
        return headers;
    }

    /// <summary>The trace context of what is being done now; null when there is none.</summary>
    public static string? Current() => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;
}
