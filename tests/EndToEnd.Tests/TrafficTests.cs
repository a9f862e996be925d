using PlatformSupport;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>The main promise over real HTTP, real MariaDB and real Kafka, with processes killed in the middle.</summary>
public sealed class TrafficTests(MariaDbFixture mariaDb, KafkaFixture kafka)
{
    [Fact]
    public async Task Ten_thousand_events_from_64_clients_are_stored_exactly_once_though_processes_are_killed()
    {
        await using var platform = await StartAsync("traffic", receivers: 2, storages: 2);

        await Traffic.SurvivesKillsAsync(
            platform,
            new Journal(),
            attempt => platform.Receivers[attempt % 2].Address,
            platform.Storages[0].Address,
            platform.Receivers[0],
            platform.Storages[1]
        );
    }

    [Fact]
    public async Task Events_of_one_listing_are_stored_in_the_order_of_their_acknowledgement()
    {
        await using var platform = await StartAsync("order", receivers: 1, storages: 1);

        await Traffic.KeepsTheOrderOfOneListingAsync(platform, new Journal(), _ => platform.Receivers[0].Address);
    }

    private async Task<Deployment> StartAsync(string topic, int receivers, int storages)
    {
        var platform = await Deployment.CreateAsync(mariaDb.Server, kafka.Server.BootstrapServers, topic, receivers, storages);
        await platform.StartAsync();
        return platform;
    }
}
