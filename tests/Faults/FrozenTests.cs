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

    private static Task StoredAsync(Deployment platform, Journal journal, string what) =>
        Eventually.HoldsAsync(
            async () => (await Ledger.StoredAsync(platform)).Contains(journal.Accepted.Single(entry => entry.Value == what).Key),
            $"{what} is stored",
            TimeSpan.FromSeconds(20)
        );
}
