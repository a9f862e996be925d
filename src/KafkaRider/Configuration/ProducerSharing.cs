using MassTransit.Configuration;
using MassTransit.Kafka.Extensions;
using MassTransit.Observables;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>What all producers of a rider share.</summary>
internal sealed record ProducerSharing(
    IReadOnlyList<Action<ISendPipeConfigurator>> SendPipes,
    SendObservable Observers,
    Func<ITopicOutbox?> Outbox
);
