using System.Globalization;
using System.Text;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>The main promise over real HTTP, real MariaDB and real Kafka, with processes killed in the middle.</summary>
public sealed class TrafficTests(MariaDbFixture mariaDb, KafkaFixture kafka)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_events_from_64_clients_are_stored_exactly_once_though_processes_are_killed()
    {
        await using var platform = await Deployment.CreateAsync(
            mariaDb.Server,
            kafka.Server.BootstrapServers,
            "traffic",
            receivers: 2,
            storages: 2
        );
        await platform.StartAsync();
        var journal = new Journal();
        using var clients = new EventClient(attempt => platform.Receivers[attempt % 2].Address, journal);
        using var pages = new PageReader(() => platform.Storages[0].Address, "listings");
        using var windows = new PageReader(() => platform.Storages[0].Address, "bids");
        using var done = new CancellationTokenSource();
        var following = Task.WhenAll(
            PageReader.FollowAsync(pages.ReadPagesAsync, done.Token),
            PageReader.FollowAsync(windows.ReadWindowAsync, done.Token)
        );

        var sending = clients.SendManyAsync(0, 10_000, 64, Cancel);
        await AcceptedAsync(journal, 3_000);
        await platform.Receivers[0].KillAsync();
        await AcceptedAsync(journal, 4_000);
        await platform.Storages[1].KillAsync();
        await platform.Receivers[0].StartAsync();
        await AcceptedAsync(journal, 6_000);
        await platform.Storages[1].StartAsync();
        await sending;

        journal.Accepted.Should().HaveCount(10_000);
        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
        await Ledger.TheChainHasNoHoleAsync(platform.LogDatabase);

        await done.CancelAsync();
        await following;
        await pages.ReadPagesAsync(Cancel);
        await Task.Delay(10, Cancel); // So that the window's end lies after the last row's time.
        await windows.ReadWindowAsync(Cancel);
        pages.Seen.Should().HaveCount(5_000);
        Ids.AreTheSame(pages.Seen, await Deployment.ColumnAsync(platform.TableDatabase, "SELECT trace_id FROM listings"));
        windows.Seen.Should().HaveCount(5_000);
        Ids.AreTheSame(windows.Seen, await Deployment.ColumnAsync(platform.TableDatabase, "SELECT trace_id FROM bids"));

        var onTopic = TopicReader.ReadAll(kafka.Server.BootstrapServers, "traffic");
        var traceIds = onTopic.Select(record => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("trace_id")));
        // An event that was sent again stands there twice.
        Ids.Contain([.. traceIds], [.. journal.Accepted.Keys]);
        onTopic.TrueForAll(record => record.Message.Value.StartsWith("{\"type\":\"", StringComparison.Ordinal)).Should().BeTrue();
    }

    [Fact]
    public async Task Events_of_one_listing_are_stored_in_the_order_of_their_acknowledgement()
    {
        await using var platform = await Deployment.CreateAsync(mariaDb.Server, kafka.Server.BootstrapServers, "order");
        await platform.StartAsync();
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);

        // The bid goes first, before its listing was ever seen; then the same listing is announced again and again.
        await client.SendAsync(7, Cancel);
        for (var i = 0; i < 50; i++)
            await client.SendAsync(8, Cancel);

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
        var acknowledged = journal
            .Accepted.Where(entry => entry.Value == "listings 8")
            .Select(entry => long.Parse(entry.Key, CultureInfo.InvariantCulture))
            .Order();
        var stored = await Deployment.ColumnAsync(platform.TableDatabase, "SELECT trace_id FROM listings ORDER BY partition_no, row_no");
        stored.Select(id => long.Parse(id, CultureInfo.InvariantCulture)).Should().Equal(acknowledged);
    }

    private static Task AcceptedAsync(Journal journal, int count) =>
        Eventually.HoldsAsync(() => journal.Accepted.Count >= count, $"{count} events are accepted", TimeSpan.FromMinutes(3));
}
