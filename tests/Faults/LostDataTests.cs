using TestSupport;

namespace Faults;

/// <summary>Data that is gone on one side: the other sides bring it back, at the cost of repeats.</summary>
public sealed class LostDataTests(FaultServers servers) : IClassFixture<FaultServers>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_topic_deleted_and_created_again_gets_what_readers_lack()
    {
        var topic = servers.NewTopic();
        await using var platform = await servers.DeployAsync(topic: topic);
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 500, 16, Cancel);
        await platform.Storages[0].KillAsync();
        await client.SendManyAsync(500, 500, 16, Cancel);

        // What Storage lacks is now on the topic alone, and the topic goes.
        await servers.Kafka.CommandAsync("topics", "--delete", "--topic", topic);
        await Eventually.HoldsAsync(
            async () => !(await servers.Kafka.CommandAsync("topics", "--list")).Split('\n').Contains(topic),
            "the topic is deleted"
        );
        await servers.Kafka.CommandAsync("topics", "--create", "--if-not-exists", "--topic", topic, "--partitions", "4");
        await platform.Storages[0].StartAsync();
        await client.SendManyAsync(1_000, 200, 16, Cancel);

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task A_topic_whose_tail_was_lost_gets_it_again()
    {
        var topic = servers.NewTopic();
        await using var platform = await servers.DeployAsync(topic: topic);
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 1_000, 16, Cancel);
        await Ledger.CaughtUpAsync(platform);
        await platform.Storages[0].KillAsync();
        await client.SendManyAsync(1_000, 1_000, 16, Cancel);
        await platform.Receivers[0].StopAsync();

        await servers.Kafka.KillAsync();
        CutTails(servers.Kafka.DataFolder(), topic);
        await servers.Kafka.StartAsync();
        await platform.StartAsync();
        await client.SendManyAsync(2_000, 200, 16, Cancel);

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task A_broker_that_comes_back_empty_gets_what_readers_lack()
    {
        await using var platform = await servers.DeployAsync();
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 500, 16, Cancel);
        await Ledger.CaughtUpAsync(platform);
        await platform.Storages[0].KillAsync();
        await client.SendManyAsync(500, 500, 16, Cancel);

        await servers.Kafka.KillAsync();
        servers.Kafka.Forget();
        await servers.Kafka.StartAsync();
        await platform.Storages[0].StartAsync();
        await client.SendManyAsync(1_000, 200, 16, Cancel);

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task Storage_restored_from_an_older_dump_takes_again_what_came_since()
    {
        await using var platform = await servers.DeployAsync();
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 500, 16, Cancel);
        await Ledger.CaughtUpAsync(platform);
        var dump = await servers.TableServer.SnapshotAsync();
        await client.SendManyAsync(500, 1_000, 16, Cancel);
        await Ledger.CaughtUpAsync(platform);

        await servers.TableServer.RestoreAsync(dump);
        (await Ledger.StoredCountAsync(platform)).Should().BeLessThan(1_500, "the dump is older");
        await client.SendManyAsync(1_500, 200, 16, Cancel);

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task Storage_whose_database_was_emptied_takes_everything_again()
    {
        await using var platform = await servers.DeployAsync();
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 1_000, 16, Cancel);
        await Ledger.CaughtUpAsync(platform);

        await platform.Storages[0].KillAsync();
        await RecreateAsync(servers.TableServer, platform.TableDatabase);
        await platform.Storages[0].StartAsync();

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task The_log_restored_from_an_older_dump_gives_no_coordinate_twice_and_new_events_arrive()
    {
        await using var platform = await servers.DeployAsync();
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 500, 16, Cancel);
        var dump = await servers.LogServer.SnapshotAsync();
        await client.SendManyAsync(500, 500, 16, Cancel);
        await StoredAsync(platform, journal);

        await servers.LogServer.RestoreAsync(dump);
        await client.SendManyAsync(1_000, 500, 16, Cancel);

        await StoredAsync(platform, journal);
        await Ledger.TheChainHasNoHoleAsync(platform.LogDatabase);
    }

    [Fact]
    public async Task A_log_that_begins_anew_goes_on_above_what_readers_have()
    {
        await using var platform = await servers.DeployAsync();
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 500, 16, Cancel);
        await StoredAsync(platform, journal);

        await platform.Receivers[0].KillAsync();
        await RecreateAsync(servers.LogServer, platform.LogDatabase);
        await platform.Receivers[0].StartAsync();
        await platform.Receivers[0].ReadyAsync();
        await client.SendManyAsync(1_000, 500, 16, Cancel);

        await StoredAsync(platform, journal);
    }

    private static Task StoredAsync(Deployment platform, Journal journal) =>
        Eventually.HoldsAsync(
            async () =>
            {
                var stored = await Ledger.StoredAsync(platform);
                Ids.AreUnique(stored);
                var lacking = journal.Accepted.Keys.Except(stored).ToList();
                return lacking.Count == 0 ? true : throw new InvalidOperationException($"{lacking.Count} of {journal.Accepted.Count} lack");
            },
            "every accepted event is stored",
            TimeSpan.FromSeconds(90),
            TimeSpan.FromMilliseconds(200)
        );

    private static async Task RecreateAsync(DatabaseServer server, string connectionString)
    {
        var name = new MySqlConnector.MySqlConnectionStringBuilder(connectionString).Database;
        await server.ExecuteAsync($"DROP DATABASE {name}");
        await server.ExecuteAsync($"CREATE DATABASE {name}");
    }

    // Half of each partition's last segment goes, and with it whatever says how long the log was; the broker recovers what is left.
    private static void CutTails(string data, string topic)
    {
        foreach (var partition in Directory.GetDirectories(data, $"{topic}-*"))
        {
            foreach (var index in Directory.GetFiles(partition, "*.index").Concat(Directory.GetFiles(partition, "*.timeindex")))
                File.Delete(index);
            var segment = Directory.GetFiles(partition, "*.log").Order().Last();
            using var file = new FileStream(segment, FileMode.Open);
            file.SetLength(file.Length / 2);
        }
        File.Delete(Path.Combine(data, "recovery-point-offset-checkpoint"));
        File.Delete(Path.Combine(data, "replication-offset-checkpoint"));
        File.Delete(Path.Combine(data, ".kafka_cleanshutdown"));
    }
}
