using System.Runtime.ExceptionServices;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The end of the error pipe: the failure goes on to the endpoint's failure policy.</summary>
internal sealed class ReportFailureFilter : IFilter<ExceptionReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (context.TryGetPayload(out KafkaReceiveContext? receive))
            receive.Reported();
        ExceptionDispatchInfo.Throw(context.Exception);
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("failurePolicy");
}
