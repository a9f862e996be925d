using Confluent.Kafka;
using MySqlConnector;
using ServiceDefaults;

namespace Anomalies.Records;

/// <summary>Notes when the detector has caught up with the topic for the first time: from then on "none" is an answer.</summary>
internal sealed class FirstCatchUp(
    AnomalyStore store,
    CatchUp reader,
    ServiceDatabase database,
    TimeProvider clock,
    ILogger<FirstCatchUp> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryAsync(stoppingToken))
                await Task.Delay(Pause, clock, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        await database.WhenReadyAsync(cancellationToken);
        try
        {
            if (await store.IsOpenAsync(cancellationToken))
                return true;
            if (await reader.WaitAsync(cancellationToken) is not null)
                return false;
            await store.OpenAsync(cancellationToken);
            logger.CaughtUp();
            return true;
        }
        catch (MySqlException)
        {
            // Told by whoever watches the database; the next try is a second away.
            return false;
        }
    }
}
