using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaMySql;

/// <summary>Keeps count, once a second, of what Kafka lacks. While the relay keeps up it asks the database nothing.</summary>
internal sealed class BacklogCounter(
    Relay relay,
    LogRows log,
    Backlog backlog,
    EventLogState state,
    EventLogMetrics metrics,
    TimeProvider clock,
    ILogger<BacklogCounter> logger
) : BackgroundService
{
    private const int StretchesPerRound = 10;
    private readonly BacklogLedger[] _ledgers = [.. relay.Partitions.Select(_ => new BacklogLedger())];
    private bool _troubled;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        state.Measure(metrics.Meter);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                await RoundAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The orderly end.
        }
    }

    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var partition in relay.View.Partitions)
                await CountAsync(partition, _ledgers[partition.Number], stoppingToken).ConfigureAwait(false);
            _troubled = false;
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            // The database is away: what was counted last stands until it is back.
            if (!_troubled)
                logger.BacklogUnknown(failure.GetBaseException().Message);
            _troubled = true;
        }

        var now = clock.GetElapsedTime(0);
        backlog.Set(
            new BacklogSize(
                _ledgers.Sum(ledger => ledger.Rows),
                _ledgers.Sum(ledger => ledger.Bytes),
                _ledgers.Max(ledger => now - ledger.Oldest) ?? TimeSpan.Zero
            )
        );
    }

    private async Task CountAsync(ClusterPartition partition, BacklogLedger ledger, CancellationToken stoppingToken)
    {
        var owned = relay.Partitions[partition.Number];
        var sent = owned.IsOwned ? Math.Max(owned.HighestAcked, partition.SentSeq) : partition.SentSeq;
        if (ledger.Observe(sent, partition.LastSeq) is not var (from, to))
            return;
        for (var stretch = 0; stretch < StretchesPerRound && from < to; stretch++)
        {
            if (await log.CountAsync(partition.Number, from, to, stoppingToken).ConfigureAwait(false) is not { } counted)
                return;
            ledger.Counted(counted.UpTo, counted.Rows, counted.Bytes, clock.GetElapsedTime(0) - counted.Age);
            from = counted.UpTo;
        }
    }
}
