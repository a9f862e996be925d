using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace KafkaMySql.Tests;

[Collection(InboxOnMariaDb.Name)]
public sealed class InboxKafkaTests(MariaDbFixture database, KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_the_topic_has_is_stored_once_in_order_and_the_reader_says_when_it_stands()
    {
        using var topic = await InboxTestTopic.CreateAsync(kafka.Server.BootstrapServers);
        await using var tables = await InboxTestReader.StartAsync(database.Server);
        var records = topic.Logs.Select(log => log.Many(1500)).ToArray();
        foreach (var (log, mine) in topic.Logs.Zip(records))
        {
            topic.Send(mine[..1000]);
            // A relay that went back, a stranger without anything, and something that is no event.
            topic.Send([
                log.Foreign(new InboxTestMessage("b", $"foreign-{mine[0].Partition}", "x", 1)),
                log.Foreign("no json"u8.ToArray()),
            ]);
            topic.Send([.. mine[700..].Select(record => log.Again(record))]);
        }

        await using var service = await InboxTestService.StartAsync(topic, tables.ConnectionString);
        await StoredAsync(tables, 6000);
        await Eventually.HoldsAsync(
            async () =>
                (await service.Progress.ReadAsync(CancellationToken.None)).Partitions.All(partition => partition.StalledAt is not null),
            "all partitions stand"
        );

        await OrderedAsync(tables, 1500);
        (await tables.CountAsync("events_b WHERE seq IS NULL")).Should().Be(4);
        (await tables.CountAsync("dead_letter WHERE seq IS NULL")).Should().Be(4);
        (await service.HealthAsync()).Status.Should().Be(HealthStatus.Healthy);
        service.Writer.States[0].Figures.Lag.Should().Be(0);
        service.Writer.States.Sum(state => state.Figures.Repeats).Should().Be(1200);
        var progress = await service.Progress.ReadAsync(CancellationToken.None);
        progress.Partitions.Select(partition => partition.Last).Should().Equal(topic.Logs.Select(log => log.Last));
    }

    [Fact]
    public async Task Poison_in_the_middle_of_a_batch_is_put_aside_and_the_rest_goes_on()
    {
        using var topic = await InboxTestTopic.CreateAsync(kafka.Server.BootstrapServers);
        await using var tables = await InboxTestReader.StartAsync(database.Server);
        var log = topic.Logs[2];
        topic.Send([.. log.Many(250), log.Next("a", "a text of more than twenty letters", "poison"), .. log.Many(249)]);
        await using var service = await InboxTestService.StartAsync(topic, tables.ConnectionString);
        await StoredAsync(tables, 499);

        (await tables.ListAsync("SELECT CONCAT_WS('/', partition_no, trace_id) FROM dead_letter")).Should().Equal("2/poison");
        await Eventually.HoldsAsync(async () => (await service.HealthAsync()).Status is HealthStatus.Degraded, "a dead letter shows");
    }

    [Fact]
    public async Task Two_processes_of_a_group_share_the_partitions_and_one_takes_over_from_the_other()
    {
        using var topic = await InboxTestTopic.CreateAsync(kafka.Server.BootstrapServers);
        await using var tables = await InboxTestReader.StartAsync(database.Server);
        await using var one = await InboxTestService.StartAsync(topic, tables.ConnectionString);
        var two = await InboxTestService.StartAsync(topic, tables.ConnectionString);
        await Eventually.HoldsAsync(() => Held(one) == 2 && Held(two) == 2, "each has two partitions", Patience);
        var sending = SendAllAsync(topic, 60, 25);
        await StoredAsync(tables, 1000, exactly: false);
        await two.DisposeAsync();
        await sending;

        await StoredAsync(tables, 6000);
        await OrderedAsync(tables, 1500);
        await Eventually.HoldsAsync(() => Held(one) == 4, "one has all partitions");
    }

    [Fact]
    public async Task Two_readers_of_one_topic_each_take_all_of_it()
    {
        using var topic = await InboxTestTopic.CreateAsync(kafka.Server.BootstrapServers);
        await using var tables = await InboxTestReader.StartAsync(database.Server);
        await tables.ExecuteAsync(new InboxTestTable("index_a").Create);
        await tables.ExecuteAsync(new InboxTestTable("index_b").Create);
        await using var storage = await InboxTestService.StartAsync(topic, tables.ConnectionString);
        await using var analyzer = await InboxTestService.StartAsync(topic, tables.ConnectionString, "analyzer", "index");
        await SendAllAsync(topic, 10, 20);
        await StoredAsync(tables, 800);
        await StoredAsync(tables, 800, "index_a");
        (await analyzer.Progress.ReadAsync(CancellationToken.None)).Consumer.Should().Be("analyzer");
    }

    [Fact]
    public async Task A_service_starts_without_its_database_says_so_and_goes_on_when_it_comes()
    {
        using var topic = await InboxTestTopic.CreateAsync(kafka.Server.BootstrapServers);
        await using var tables = await InboxTestReader.StartAsync(database.Server);
        topic.Send(topic.Logs[0].Many(100));
        await using var away = await database.Server.AwayAsync();
        await using var service = await InboxTestService.StartAsync(topic, tables.ConnectionString);
        (await service.HealthAsync()).Status.Should().Be(HealthStatus.Unhealthy);
        await service.Progress.Invoking(progress => progress.ReadAsync(CancellationToken.None)).Should().ThrowAsync<Exception>();

        await away.DisposeAsync();
        await StoredAsync(tables, 100);
        await Eventually.HoldsAsync(async () => (await service.HealthAsync()).Status is HealthStatus.Healthy, "the inbox is well again");
    }

    [Fact]
    public async Task A_database_away_in_the_middle_is_told_once_and_not_with_every_try()
    {
        using var topic = await InboxTestTopic.CreateAsync(kafka.Server.BootstrapServers);
        await using var tables = await InboxTestReader.StartAsync(database.Server);
        await using var service = await InboxTestService.StartAsync(topic, tables.ConnectionString);
        topic.Send(topic.Logs[0].Many(100));
        await StoredAsync(tables, 100);
        await using var away = await database.Server.AwayAsync();
        topic.Send(topic.Logs[0].Many(100));
        await Eventually.HoldsAsync(
            async () => (await service.HealthAsync()).Status is HealthStatus.Unhealthy,
            "the inbox waits",
            Patience
        );
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken); // Time for many tries.
        service
            .Log.All.Where(line => line.Level >= LogLevel.Warning)
            .GroupBy(line => line.Message)
            .Where(same => same.Count() > 1)
            .Select(same => $"{same.Count()} x {same.Key}")
            .Should()
            .BeEmpty("a try that fails like the one before is no news");

        await away.DisposeAsync();
        await StoredAsync(tables, 200);
        await OrderedAsync(tables, 200, partitions: 1);
    }

    [Fact]
    public async Task A_restarted_service_reads_on_where_its_database_stands_and_not_where_the_group_does()
    {
        using var topic = await InboxTestTopic.CreateAsync(kafka.Server.BootstrapServers);
        await using var tables = await InboxTestReader.StartAsync(database.Server);
        await using (await InboxTestService.StartAsync(topic, tables.ConnectionString))
        {
            await SendAllAsync(topic, 5, 20);
            await StoredAsync(tables, 400);
        }
        await using (var again = await InboxTestService.StartAsync(topic, tables.ConnectionString))
        {
            await SendAllAsync(topic, 1, 20);
            await StoredAsync(tables, 480);
            again.Writer.States.Sum(state => state.Figures.Repeats).Should().Be(0);
        }
        // The database is emptied, the group's offsets stay at the end.
        await tables.ExecuteAsync("DELETE FROM partition_progress; DELETE FROM events_a");
        await using var anew = await InboxTestService.StartAsync(topic, tables.ConnectionString);
        await StoredAsync(tables, 480);
        await OrderedAsync(tables, 120);
    }

    [Fact]
    public async Task A_topic_made_anew_is_read_from_its_beginning()
    {
        using var topic = await InboxTestTopic.CreateAsync(kafka.Server.BootstrapServers);
        await using var tables = await InboxTestReader.StartAsync(database.Server);
        var records = topic.Logs[0].Many(300);
        await using (await InboxTestService.StartAsync(topic, tables.ConnectionString))
        {
            topic.Send(records);
            await StoredAsync(tables, 300);
        }
        await topic.DeleteAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                await topic.CreateAsync();
                return true;
            },
            "the topic is there again"
        );
        topic.Send([.. records[250..].Concat(topic.Logs[0].Many(50))]);
        await using var service = await InboxTestService.StartAsync(topic, tables.ConnectionString);
        await StoredAsync(tables, 350);
        await Eventually.HoldsAsync(() => service.Writer.States[0].Figures.Repeats == 50, "50 repeats are counted");
        await OrderedAsync(tables, 350, partitions: 1);
    }

    private static int Held(InboxTestService service) => service.Writer.States.Count(state => state.Figures.Held);

    private static async Task SendAllAsync(InboxTestTopic topic, int rounds, int count)
    {
        for (var round = 0; round < rounds; round++)
        {
            topic.Send(topic.Logs.SelectMany(log => log.Many(count)));
            await Task.Yield();
        }
    }

    private static Task StoredAsync(InboxTestReader tables, int count, string table = "events_a", bool exactly = true) =>
        Eventually.HoldsAsync(
            async () =>
            {
                var stored = await tables.CountAsync(table);
                return exactly ? stored == count : stored >= count;
            },
            $"{count} events are stored in {table}",
            Patience
        );

    private static async Task OrderedAsync(InboxTestReader tables, int count, int partitions = InboxTestTopic.Partitions)
    {
        for (var partition = 0; partition < partitions; partition++)
            (await tables.ListAsync($"SELECT text FROM events_a WHERE row_partition = {partition} ORDER BY row_no"))
                .Should()
                .Equal(Enumerable.Range(0, count).Select(number => $"main-{partition}-{number}"));
    }
}
