using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>
/// A native producer in the bus's health check. The check speaks of endpoints only, so it is shown as one; everything else that an
/// endpoint can do is the bus's.
/// </summary>
internal sealed class ProducerHealth(IBus bus, Uri hostAddress, int number, NativeProducer producer) : IReceiveEndpoint
{
    public Uri InputAddress { get; } = new(hostAddress, $"/{KafkaTopicAddress.PathPrefix}/producers/{number}");

    public Task<ReceiveEndpointReady> Started => throw NotAnEndpoint();

    public EndpointHealthResult Check() =>
        producer.IsHealthy
            ? EndpointHealthResult.Healthy(this, $"producer for {producer.Servers}")
            : EndpointHealthResult.Unhealthy(this, $"producer: no broker of {producer.Servers} can be reached", null);

    public ReceiveEndpointHandle Start(CancellationToken cancellationToken) => throw NotAnEndpoint();

    public Task Stop(CancellationToken cancellationToken) => throw NotAnEndpoint();

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => bus.GetSendEndpoint(address);

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => bus.GetPublishSendEndpoint<T>();

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => bus.ConnectSendObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => bus.ConnectPublishObserver(observer);

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe)
        where T : class => bus.ConnectConsumePipe(pipe);

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe, ConnectPipeOptions options)
        where T : class => bus.ConnectConsumePipe(pipe, options);

    public ConnectHandle ConnectRequestPipe<T>(Guid requestId, IPipe<ConsumeContext<T>> pipe)
        where T : class => bus.ConnectRequestPipe(requestId, pipe);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => bus.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectConsumeObserver(IConsumeObserver observer) => bus.ConnectConsumeObserver(observer);

    public ConnectHandle ConnectConsumeMessageObserver<T>(IConsumeMessageObserver<T> observer)
        where T : class => bus.ConnectConsumeMessageObserver(observer);

    public void Probe(ProbeContext context) => context.CreateScope("kafkaProducer");

    private static NotSupportedException NotAnEndpoint() => new("A producer is started by its first record and stopped with the rider.");
}
