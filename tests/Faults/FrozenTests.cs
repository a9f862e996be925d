using TestSupport;

namespace Faults;

/// <summary>Processes that stand still for longer than anybody waits for them, and then go on as if nothing had been.</summary>
public sealed class FrozenTests(FaultServers servers) : IClassFixture<FaultServers>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_relay_owner_frozen_past_its_lease_and_thawed_changes_nothing()
    {
        await using var platform = await servers.DeployAsync(receivers: 2);
        var journal = new Journal();
        using var both = new EventClient(attempt => platform.Receivers[attempt % 2].Address, journal);
        using var other = new EventClient(_ => platform.Receivers[1].Address, journal);
        var sending = both.SendManyAsync(0, 4_000, 16, Cancel);
        await Eventually.HoldsAsync(() => journal.Accepted.Count > 1_000, "traffic flows");

        platform.Receivers[0].Process.Signal("STOP");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await other.SendAsync(100_000, Cancel);
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(8), "the other Receiver goes on");
        await StoredAsync(platform, journal, "listings 100000");
        await Task.Delay(TimeSpan.FromSeconds(5), Cancel); // Well past the lease of 4 s.
        platform.Receivers[0].Process.Signal("CONT");
        await sending;

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
        await Ledger.TheChainHasNoHoleAsync(platform.LogDatabase);
    }

    [Fact]
    public async Task A_Storage_frozen_under_load_is_taken_over_and_its_return_stores_nothing_twice()
    {
        await using var platform = await servers.DeployAsync(storages: 2);
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        var sending = client.SendManyAsync(0, 5_000, 16, Cancel);
        await Eventually.HoldsAsync(async () => await Ledger.StoredCountAsync(platform) > 500, "rows are stored");

        platform.Storages[0].Process.Signal("STOP");
        await sending;
        await Ledger.CaughtUpAsync(platform);
        platform.Storages[0].Process.Signal("CONT");
        await client.SendManyAsync(10_000, 500, 16, Cancel);

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task A_Receiver_frozen_between_its_lock_and_its_commit_holds_the_other_up_for_six_seconds_at_most()
    {
        await using var proxy = new CommitCutter(servers.LogServer.Port, "INSERT INTO event_log");
        await using var platform = await servers.DeployAsync(receivers: 2, firstReceiver: proxy);
        var journal = new Journal();
        using var first = new EventClient(_ => platform.Receivers[0].Address, journal);
        using var second = new EventClient(_ => platform.Receivers[1].Address, journal);
        await first.SendManyAsync(0, 100, 8, Cancel);

        // Its COMMIT does not arrive, so the database keeps the locks; then the process stands still.
        proxy.SwallowCommit();
        var held = first.SendAsync(1_000, Cancel);
        // Asked less often than every 0.1 s: the server's list of transactions is renewed only when nobody has read it for that long.
        await Eventually.HoldsAsync(
            () => HasLocksAsync(servers.LogServer, platform.LogDatabase),
            "the heads are locked",
            pause: TimeSpan.FromMilliseconds(200)
        );
        platform.Receivers[0].Process.Signal("STOP");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await second.SendAsync(1_000, Cancel);
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(8), "the session of a frozen process is ended after five seconds");
        await second.SendManyAsync(2_000, 200, 8, Cancel);
        platform.Receivers[0].Process.Signal("CONT");
        await held;

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
        await Ledger.TheChainHasNoHoleAsync(platform.LogDatabase);
    }

    [Fact]
    public async Task A_Storage_frozen_inside_its_transaction_is_taken_over_and_stores_nothing_twice()
    {
        await using var proxy = new CommitCutter(servers.TableServer.Port, "UPDATE partition_progress SET last_seq");
        await using var platform = await servers.DeployAsync(storages: 2, firstStorage: proxy);
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 500, 8, Cancel);
        await Ledger.CaughtUpAsync(platform);

        proxy.SwallowCommit();
        await client.SendManyAsync(1_000, 500, 8, Cancel);
        await Eventually.HoldsAsync(
            () => TablesLockedAsync(platform),
            "the frozen transaction holds its rows",
            pause: TimeSpan.FromMilliseconds(200)
        );
        platform.Storages[0].Process.Signal("STOP");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            async () => !await TablesLockedAsync(platform),
            "its rows are free",
            pause: TimeSpan.FromMilliseconds(200)
        );
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(7), "the database ends a session that is silent for five seconds");
        // The group gives the member up after six seconds; the other takes its partitions at its next heartbeat.
        await Ledger.CaughtUpAsync(platform, TimeSpan.FromSeconds(15));
        platform.Storages[0].Process.Signal("CONT");
        await client.SendManyAsync(2_000, 500, 8, Cancel);

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task Connections_cut_at_COMMIT_before_and_after_it_was_forwarded_lose_nothing_and_store_nothing_twice()
    {
        await using var logProxy = new CommitCutter(servers.LogServer.Port, "INSERT INTO event_log");
        await using var tableProxy = new CommitCutter(servers.TableServer.Port, "UPDATE partition_progress SET last_seq");
        await using var platform = await servers.DeployAsync(firstReceiver: logProxy, firstStorage: tableProxy);
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);

        for (var round = 0; round < 5; round++)
        {
            foreach (var proxy in new[] { logProxy, tableProxy })
            {
                proxy.CutBeforeCommit();
                await client.SendManyAsync(round * 1_000, 100, 8, Cancel);
                proxy.CutAfterCommit();
                await client.SendManyAsync(round * 1_000 + 500, 100, 8, Cancel);
            }
        }

        logProxy.Cuts.Should().BeGreaterThanOrEqualTo(10);
        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
        await Ledger.TheChainHasNoHoleAsync(platform.LogDatabase);
    }

    private Task<bool> TablesLockedAsync(Deployment platform) => HasLocksAsync(servers.TableServer, platform.TableDatabase);

    private static async Task<bool> HasLocksAsync(DatabaseServer server, string connectionString)
    {
        var database = new MySqlConnector.MySqlConnectionStringBuilder(connectionString).Database;
        var sessions = await Deployment.ColumnAsync(
            server.ConnectionString(),
            $"SELECT COUNT(*) FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id WHERE p.DB = '{database}' AND t.trx_rows_modified > 0"
        );
        return sessions.Single() != "0";
    }

    private static Task StoredAsync(Deployment platform, Journal journal, string what) =>
        Eventually.HoldsAsync(
            async () => (await Ledger.StoredAsync(platform)).Contains(journal.Accepted.Single(entry => entry.Value == what).Key),
            $"{what} is stored",
            TimeSpan.FromSeconds(20)
        );
}
