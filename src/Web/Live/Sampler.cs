using ServiceDefaults;

namespace Web.Live;

/// <summary>Takes a sample every two seconds, so that a page that is opened has a past to show and many pages cost no more than one.</summary>
internal sealed class Sampler(
    UpstreamFigures figures,
    SampleHistory history,
    ServiceStates states,
    TimeProvider clock,
    ILogger<Sampler> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var now = clock.GetUtcNow();
                var sample = figures.SampleAsync(now, stoppingToken);
                Tell(await figures.StatesAsync(stoppingToken));
                history.Add(await sample);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The next look may go well; a gap in a chart is no reason to stop the gateway.
                logger.NotSampled(failure);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Tell(IReadOnlyList<ServiceReport> latest)
    {
        var before = states.Latest.ToDictionary(service => service.Name, service => service.State);
        states.Latest = latest;
        foreach (var service in latest)
        {
            var known = before.TryGetValue(service.Name, out var state);
            if (service.State != ServiceState.Up && (!known || state == ServiceState.Up))
                logger.ServiceUnwell(service.Name, service.Detail);
            else if (service.State == ServiceState.Up && known && state != ServiceState.Up)
                logger.ServiceWell(service.Name);
        }
    }
}
