using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaMySql;

/// <summary>
/// Makes the inbox's tables at the start, however long the database takes to be there, and writes down when a partition stands at its end.
/// </summary>
internal sealed class InboxWatch(InboxWriter writer, IInboxProgress progress, TimeProvider clock, ILogger<InboxWatch> logger)
    : BackgroundService
{
    // A reader that goes on within this time did not stand: with a trickle of records that saves a write for each.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    // The database may be put back to a state in which the partition did not stand yet.
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _look = new(0, 1);

    /// <summary>A partition has reached its end.</summary>
    public void Look()
    {
        try
        {
            _look.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is going to look anyway.
        }
    }

    /// <summary>
    /// Looks at all partitions once; with <paramref name="ask"/> the database is asked what stands there. Returns whether a partition has
    /// something to be written that may wait a little.
    /// </summary>
    public async Task<bool> LookAsync(bool ask, CancellationToken cancellationToken)
    {
        var standing = writer.Lanes.Where(lane => lane.IsAtEnd).ToList();
        if (standing.Count == 0)
            return false;
        var rows = ask ? (await progress.ReadAsync(cancellationToken).ConfigureAwait(false)).Partitions : null;
        var later = false;
        foreach (var lane in standing)
        {
            bool? written = rows is null ? null : rows.Any(row => row.Partition == lane.Partition && row.StalledAt is not null);
            later |= !await lane.StandAsync(written, cancellationToken).ConfigureAwait(false);
        }
        return later;
    }

    public override void Dispose()
    {
        base.Dispose();
        _look.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await PrepareAsync(stoppingToken).ConfigureAwait(false);
            var later = false;
            while (true)
            {
                var woken = await WaitAsync(later ? Quiet : Recheck, stoppingToken).ConfigureAwait(false);
                later = await TryLookAsync(ask: !woken && !later, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
        while (true)
        {
            try
            {
                await writer.Setup.EnsureAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Told by the setup itself, once per reason.
                await Task.Delay(backOff.Next(), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var woken = await _look.WaitAsync(atMost, cancellationToken).ConfigureAwait(false);
        if (woken)
            await Task.Delay(Quiet, clock, cancellationToken).ConfigureAwait(false);
        return woken;
    }

    private async Task<bool> TryLookAsync(bool ask, CancellationToken cancellationToken)
    {
        try
        {
            return await LookAsync(ask, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The connection says when it is down; the next look is five seconds away.
            logger.InboxLookFailed(writer.Consumer, exception);
            return false;
        }
    }
}
