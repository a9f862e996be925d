namespace MassTransit.KafkaIntegration.Serializers;

internal static class KafkaHeaderNames
{
    public const string MessageId = "MessageId";
    public const string CorrelationId = "CorrelationId";
    public const string ConversationId = "ConversationId";
    public const string InitiatorId = "InitiatorId";
    public const string SourceAddress = "SourceAddress";
    public const string DestinationAddress = "DestinationAddress";
    public const string ContentType = "Content-Type";
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";
}
