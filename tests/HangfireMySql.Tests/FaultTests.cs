using System.Collections.Concurrent;
using System.Globalization;
using Hangfire;
using Hangfire.States;
using HangfireMySql.Worker;
using MySqlConnector;
using TestSupport;

namespace HangfireMySql.Tests;

/// <summary>What goes wrong around a storage under load.</summary>
public abstract class FaultTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    [Fact, Trait("Category", "Long")]
    public Task The_database_killed_and_started_again_under_load_loses_no_job() =>
        UnderLoadAsync(
            TimeSpan.FromSeconds(40),
            async stop =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await Task.Delay(TimeSpan.FromSeconds(8), CancellationToken.None);
                    await Server.KillAsync();
                    await Server.StartAsync();
                }
            }
        );

    [Fact, Trait("Category", "Long")]
    public Task All_sessions_killed_every_two_seconds_for_a_minute_lose_no_job() =>
        UnderLoadAsync(TimeSpan.FromMinutes(1), stop => KillSessionsAsync(TimeSpan.FromSeconds(2), stop));

    [Fact]
    public Task Sessions_killed_twice_a_second_lose_no_job() =>
        UnderLoadAsync(TimeSpan.FromSeconds(4), stop => KillSessionsAsync(TimeSpan.FromMilliseconds(500), stop));

    [Fact]
    public async Task A_server_works_again_as_soon_as_the_database_is_back()
    {
        await using var proxy = new SwitchableProxy(Server.Port);
        proxy.Open();
        Storage.GetMonitoringApi().Servers();
        using var storage = NewStorage(connectionString: ConnectionString + $";Port={proxy.Port};Connection Timeout=2");
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 2 }, storage);
        var first = new BackgroundJobClient(Storage).Enqueue(() => Jobs.Nothing("before"));
        await EndedAsync([first]);
        proxy.Cut();
        var second = new BackgroundJobClient(Storage).Enqueue(() => Jobs.Nothing("while away"));
        await Task.Delay(TimeSpan.FromSeconds(3));
        Connection().GetStateData(second)!.Name.Should().Be("Enqueued");
        proxy.Open();
        await EndedAsync([second], TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("+1h")]
    [InlineData("-1h")]
    public async Task A_process_whose_clock_is_wrong_takes_nothing_early_and_nothing_from_others(string skew)
    {
        if (!File.Exists(FakeTime))
            Assert.Skip("libfaketime is not installed (Debian: libfaketime)");
        Configure(options => options.SlidingInvisibilityTimeout = TimeSpan.FromSeconds(2));
        NewRuns();
        var client = new BackgroundJobClient(Storage);
        using var own = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = 1, StopTimeout = TimeSpan.FromSeconds(5) },
            Storage
        );
        var running = client.Enqueue(() => Jobs.Record(ConnectionString, "running", 5_000));
        await Eventually.HoldsAsync(() => Query("SELECT COUNT(*) FROM runs", row => row.GetInt64(0)).Single() == 1, "a job runs here");
        await using var worker = await StartWorkerAsync(
            new Dictionary<string, string?>
            {
                ["LD_PRELOAD"] = FakeTime,
                ["FAKETIME"] = skew,
                ["DONT_FAKE_MONOTONIC"] = "1",
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            },
            "server",
            ConnectionString,
            Prefix,
            "2000",
            "2",
            "never"
        );
        await Eventually.HoldsAsync(() => Monitoring.Servers().Count == 2, "the other server is there");
        var now = client.Enqueue(() => Jobs.Record(ConnectionString, "now", 0));
        var at = DateTime.UtcNow.AddSeconds(4);
        var later = client.Schedule(() => Jobs.Record(ConnectionString, "later", 0), at);
        await EndedAsync([running, now, later], TimeSpan.FromSeconds(30));
        Query("SELECT MIN(at) FROM runs WHERE job = 'later'", row => row.GetDateTime(0)).Single().Should().BeAfter(at.AddSeconds(-1.1));
        Query("SELECT job FROM runs WHERE what = 'begin' GROUP BY job HAVING COUNT(*) > 1", row => row.GetString(0))
            .Should()
            .BeEmpty("leases are by the database's clock");
        Connection().RemoveTimedOutServers(TimeSpan.FromMinutes(1)).Should().Be(0, "and so are heartbeats");
    }

    /// <summary>Clients enqueue and two servers work while something is done to the database; every accepted job ends, and runs once.</summary>
    private async Task UnderLoadAsync(TimeSpan time, Func<CancellationToken, Task> disturb)
    {
        Storage.GetMonitoringApi().Servers();
        NewRuns();
        await using var worker = await StartWorkerAsync("server", ConnectionString, Prefix, "300000", "4", "never");
        using var server = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = 4, StopTimeout = TimeSpan.FromSeconds(5) },
            Storage
        );
        using var stop = new CancellationTokenSource(time);
        var accepted = new ConcurrentBag<string>();
        var refused = 0;
        var clients = Enumerable
            .Range(0, 2)
            .Select(client =>
                Task.Factory.StartNew(
                    () =>
                    {
                        for (var number = 0; !stop.IsCancellationRequested; number++)
                        {
                            try
                            {
                                var key = $"{client}/{number}";
                                accepted.Add(new BackgroundJobClient(Storage).Enqueue(() => Jobs.Record(ConnectionString, key, 0)));
                            }
                            catch (BackgroundJobClientException)
                            {
                                // The client knows that it may not have been taken.
                                Interlocked.Increment(ref refused);
                            }
                            Thread.Sleep(5);
                        }
                    },
                    TaskCreationOptions.LongRunning
                )
            )
            .ToList();
        await disturb(stop.Token);
        await Task.WhenAll(clients);
        await EndedAsync([.. accepted], TimeSpan.FromMinutes(3));
        await Eventually.HoldsAsync(() => Count("job_queue") == 0, "the queue is empty", TimeSpan.FromMinutes(1));
        var repeated = Query(
            "SELECT job, COUNT(*) FROM runs WHERE what = 'end' GROUP BY job HAVING COUNT(*) > 1",
            row => $"{row.GetString(0)} ran {row.GetInt64(1)} times"
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"{accepted.Count} accepted, {refused} refused, {repeated.Count} run again");
        accepted.Should().NotBeEmpty();
        repeated.Should().BeEmpty("no lease ran out");
    }

    private async Task KillSessionsAsync(TimeSpan interval, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(interval, CancellationToken.None);
            foreach (
                var session in Query(
                    "SELECT id FROM information_schema.processlist WHERE db = 'hangfire_tests' AND id <> CONNECTION_ID()",
                    row => row.GetInt64(0)
                )
            )
            {
                try
                {
                    Execute($"KILL {session.ToString(CultureInfo.InvariantCulture)}");
                }
                catch (MySqlException exception) when (exception.ErrorCode == MySqlErrorCode.NoSuchThread)
                {
                    // It has gone by itself.
                }
            }
        }
    }

    private Task EndedAsync(List<string> ids, TimeSpan? within = null) =>
        Eventually.HoldsAsync(
            () => Count("job", $"id IN ({string.Join(',', ids)}) AND state_name = '{SucceededState.StateName}'") == ids.Count,
            "all accepted jobs have succeeded",
            within ?? TimeSpan.FromSeconds(30)
        );
}

[Collection(OnMariaDb.Name)]
public sealed class FaultsOnMariaDb(MariaDbFixture fixture) : FaultTests(fixture);

[Collection(OnMySql.Name)]
public sealed class FaultsOnMySql(MySqlFixture fixture) : FaultTests(fixture);
