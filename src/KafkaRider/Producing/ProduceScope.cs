using MassTransit.Middleware.InMemoryOutbox;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>From where a message is produced: a service scope, and inside a consumer its context.</summary>
internal readonly record struct ProduceScope(IServiceProvider? Services, ConsumeContext? ConsumeContext)
{
    public OutboxContext? Outbox => ConsumeContext is { } context && context.TryGetPayload(out OutboxContext? outbox) ? outbox : null;
}
