namespace MassTransit.KafkaIntegration.Producing;

/// <summary>A producer whose key is computed from the send context.</summary>
internal sealed class KeyedTopicProducer<TKey, TValue>(ITopicProducer<TKey, TValue> producer, KafkaKeyResolver<TKey, TValue> keyResolver)
    : ITopicProducer<TValue>
    where TValue : class
{
    private readonly IPipe<KafkaSendContext<TKey, TValue>> _keyPipe = new KeyPipe(keyResolver, null);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => producer.ConnectSendObserver(observer);

    public Task Produce(TValue message, CancellationToken cancellationToken) =>
        producer.Produce(default!, message, _keyPipe, cancellationToken);

    public Task Produce(TValue message, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken) =>
        producer.Produce(default!, message, new KeyPipe(keyResolver, pipe), cancellationToken);

    public Task Produce(object values, CancellationToken cancellationToken) =>
        producer.Produce(default!, values, _keyPipe, cancellationToken);

    public Task Produce(object values, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken) =>
        producer.Produce(default!, values, new KeyPipe(keyResolver, pipe), cancellationToken);

    private sealed class KeyPipe(KafkaKeyResolver<TKey, TValue> keyResolver, IPipe<KafkaSendContext<TValue>>? pipe)
        : IPipe<KafkaSendContext<TKey, TValue>>
    {
        public void Probe(ProbeContext context) => pipe?.Probe(context);

        public async Task Send(KafkaSendContext<TKey, TValue> context)
        {
            if (pipe.IsNotEmpty())
                await pipe!.Send(context).ConfigureAwait(false);
            context.Key = keyResolver(context);
        }
    }
}
