namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The end of the dead-letter pipe: a message without a consumer is passed over; the handler counts it.</summary>
internal sealed class SkipFilter : IFilter<ReceiveContext>
{
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => next.Send(context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("skip");
}
