using Hangfire.Logging;
using Hangfire.Server;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>Moves the end of all leases of this process on, by one statement for up to some hundreds, every fifth of the lease.</summary>
#pragma warning disable CS0618 // IServerComponent is how older hosts run it.
internal sealed class LeaseHeartbeat(MySqlDatabase database, LeaseRegistry leases) : IBackgroundProcess, IServerComponent
#pragma warning restore CS0618
{
    private const int BatchSize = 500;
    private static readonly TimeSpan WhileStopping = TimeSpan.FromMilliseconds(50);
    private static readonly ILog Logger = LogProvider.GetLogger(typeof(MySqlStorage));

    private readonly QueueTable _table = new(database);

    private TimeSpan Interval => database.Options.SlidingInvisibilityTimeout / 5;

    public void Execute(BackgroundProcessContext context)
    {
        Execute(context.StoppingToken);
        // Jobs may still run while the server stops; they keep their leases until they have ended or are given up.
        while (context.IsStopping && !context.ShutdownToken.IsCancellationRequested && !leases.IsEmpty)
        {
            TryKeep();
            for (
                var waited = TimeSpan.Zero;
                waited < Interval && !leases.IsEmpty && !context.ShutdownToken.IsCancellationRequested;
                waited += WhileStopping
            )
                context.ShutdownToken.WaitHandle.WaitOne(WhileStopping);
        }
    }

    public void Execute(CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(Interval);
        TryKeep();
    }

    public override string ToString() => "Hangfire.MySql lease heartbeat";

    // Caught here: the host would wait longer and longer before the next try, and leases would run out meanwhile.
    private void TryKeep()
    {
        try
        {
            Keep();
        }
        catch (Exception exception) when (exception is MySqlException or InvalidOperationException or IOException or TimeoutException)
        {
            Logger.WarnException(
                $"The leases of running jobs could not be kept; tried again in {Interval.TotalSeconds:0.##} s.",
                exception
            );
        }
    }

    private void Keep()
    {
        foreach (var some in leases.All.Chunk(BatchSize))
        {
            var held = Array.ConvertAll(some, job => (job.RowId, job.Token));
            var kept = database.Run(connection => _table.Keep(connection, held));
            // A job that ended meanwhile has left its row, and the registry.
            var ended = some.Count(job => !leases.Holds(job));
            if (kept < held.Length - ended)
                Logger.Warn($"{held.Length - ended - kept} leases of running jobs were lost: the jobs may run in another process too.");
        }
    }
}
