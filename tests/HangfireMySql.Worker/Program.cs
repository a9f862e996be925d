using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.MySql;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;

namespace HangfireMySql.Worker;

/// <summary>A server of its own process, for tests that end it: <c>server CONNECTION PREFIX LEASE_MS WORKERS DIE_AT [TRANSACTIONAL_ACK]</c>.</summary>
public static class Program
{
    /// <summary>Where in a job's way this process ends itself with SIGKILL: <c>never</c>, <c>claimed</c>, <c>processing</c>, <c>during</c>, <c>performed</c>, <c>succeeding</c>.</summary>
    public static string DieAt { get; private set; } = "never";

    /// <summary>Ends this process as <c>kill -9</c> does.</summary>
    public static void Die()
    {
        Console.WriteLine("dying");
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["install", var connectionString, var prefix]:
                using (var storage = new MySqlStorage(connectionString, new MySqlStorageOptions { TablesPrefix = prefix }))
                    storage.GetMonitoringApi().GetStatistics();
                Console.WriteLine("installed");
                return 0;
            case ["enqueue", var connectionString, var prefix, var key]:
                using (var storage = new MySqlStorage(connectionString, new MySqlStorageOptions { TablesPrefix = prefix }))
                    new BackgroundJobClient(storage).Enqueue(() => Jobs.Count(key));
                Console.WriteLine("enqueued");
                return 0;
            case ["lock", var connectionString, var prefix, var resource]:
                using (var storage = new MySqlStorage(connectionString, new MySqlStorageOptions { TablesPrefix = prefix }))
                using (var connection = storage.GetConnection())
                using (connection.AcquireDistributedLock(resource, TimeSpan.FromSeconds(10)))
                {
                    Console.WriteLine("locked");
                    Thread.Sleep(Timeout.Infinite);
                }
                return 0;
            case ["server", var connectionString, var prefix, var lease, var workers, var dieAt, .. var rest]:
                DieAt = dieAt;
                Serve(connectionString, prefix, Number(lease), Number(workers), rest is not ["false"]);
                return 0;
            default:
                Console.Error.WriteLine("server CONNECTION PREFIX LEASE_MS WORKERS DIE_AT | install | enqueue | lock");
                return 2;
        }
    }

    private static void Serve(string connectionString, string prefix, int lease, int workers, bool transactionalAcknowledge)
    {
        using var stop = new ManualResetEventSlim();
        using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM,
            context =>
            {
                context.Cancel = true;
                stop.Set();
            }
        );
        GlobalJobFilters.Filters.Add(new DyingFilter());
        using var storage = new MySqlStorage(
            connectionString,
            new MySqlStorageOptions
            {
                TablesPrefix = prefix,
                QueuePollInterval = TimeSpan.FromMilliseconds(100),
                SlidingInvisibilityTimeout = TimeSpan.FromMilliseconds(lease),
                UseTransactionalAcknowledge = transactionalAcknowledge,
            }
        );
        using var server = new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                WorkerCount = workers,
                SchedulePollingInterval = TimeSpan.FromSeconds(1),
                HeartbeatInterval = TimeSpan.FromSeconds(1),
                StopTimeout = TimeSpan.FromSeconds(5),
            },
            storage
        );
        Console.WriteLine("serving");
        stop.Wait();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class DyingFilter : JobFilterAttribute, IElectStateFilter, IApplyStateFilter, IServerFilter
    {
        public void OnStateElection(ElectStateContext context) => DieIf(context.CandidateState is ProcessingState, "claimed");

        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
            DieIf(context.NewState is SucceededState, "succeeding");

        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) { }

        public void OnPerforming(PerformingContext context) => DieIf(true, "processing");

        public void OnPerformed(PerformedContext context) => DieIf(true, "performed");

        private static void DieIf(bool here, string step)
        {
            if (here && DieAt == step)
                Die();
        }
    }
}
