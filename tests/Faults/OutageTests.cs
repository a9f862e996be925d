using System.Net;
using System.Text;
using TestSupport;

namespace Faults;

/// <summary>Servers that are away: at the start, in the middle, for long.</summary>
public sealed class OutageTests(FaultServers servers) : IClassFixture<FaultServers>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_start_without_their_servers_say_what_they_wait_for_and_recover_by_themselves()
    {
        await using var platform = await servers.DeployAsync(start: false);
        await servers.LogServer.StopAsync();
        await servers.TableServer.StopAsync();
        await servers.Kafka.StopAsync();
        await Task.WhenAll(platform.All.Select(process => process.StartAsync()));
        using var http = new HttpClient();
        foreach (var process in platform.All)
        {
            var health = "";
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var reply = await http.GetAsync(new Uri(process.Address, "health/ready"), Cancel);
                    health = await reply.Content.ReadAsStringAsync(Cancel);
                    return reply.StatusCode == HttpStatusCode.ServiceUnavailable;
                },
                "its health page says that it is not ready"
            );
            health.Should().Contain("database", "the health page names what is missing");
            (await http.GetAsync(new Uri(process.Address, "health/live"), Cancel)).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        await servers.LogServer.StartAsync();
        await servers.TableServer.StartAsync();
        await servers.Kafka.StartAsync();

        await Task.WhenAll(platform.All.Select(process => process.ReadyAsync()));
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 20, 4, Cancel);
        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task The_log_database_killed_under_load_loses_nothing_and_nothing_is_accepted_while_it_is_away()
    {
        await using var platform = await servers.DeployAsync(receivers: 2);
        var journal = new Journal();
        using var client = new EventClient(attempt => platform.Receivers[attempt % 2].Address, journal);
        var sending = client.SendManyAsync(0, 6_000, 32, Cancel);
        await AcceptedAsync(journal, 1_000);

        await servers.LogServer.KillAsync();
        await Eventually.HoldsAsync(() => journal.Repeats > 0, "clients are told that nothing was accepted");
        var before = journal.Accepted.Count;
        using (var http = new HttpClient())
        {
            using var content = new StringContent(EventClient.Listing(0), Encoding.UTF8, "application/json");
            using var reply = await http.PostAsync(new Uri(platform.Receivers[0].Address, "receiver/site/listings"), content, Cancel);
            reply.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            reply.Headers.RetryAfter.Should().NotBeNull();
            (await reply.Content.ReadAsStringAsync(Cancel)).Should().Be("{\"message\":\"Failed to send event.\"}");
        }
        journal.Accepted.Should().HaveCount(before);
        await servers.LogServer.StartAsync();
        await sending;

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
        await Ledger.TheChainHasNoHoleAsync(platform.LogDatabase);
    }

    [Fact]
    public async Task The_database_of_Storage_killed_under_load_holds_nobody_up_and_loses_nothing()
    {
        await using var platform = await servers.DeployAsync(storages: 2);
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        var sending = client.SendManyAsync(0, 6_000, 32, Cancel);
        await AcceptedAsync(journal, 1_000);

        await servers.TableServer.KillAsync();
        await sending;
        await servers.TableServer.StartAsync();

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task Kafka_killed_under_load_does_not_stop_accepting_and_all_arrives_afterwards()
    {
        await using var platform = await servers.DeployAsync();
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 500, 16, Cancel);

        await servers.Kafka.KillAsync();
        await client.SendManyAsync(500, 3_000, 32, Cancel);
        journal.Accepted.Should().HaveCount(3_500);
        journal.Repeats.Should().Be(0, "accepting goes on");
        await servers.Kafka.StartAsync();

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
    }

    [Fact]
    public async Task With_Kafka_away_a_full_backlog_is_refused_with_503_until_Kafka_is_back()
    {
        var settings = new Dictionary<string, string?> { ["Outbox__MaxBacklogRows"] = "300" };
        await using var platform = await servers.DeployAsync(settings: settings);
        var journal = new Journal();
        using var client = new EventClient(_ => platform.Receivers[0].Address, journal);
        await client.SendManyAsync(0, 10, 2, Cancel);
        await servers.Kafka.KillAsync();
        using var http = new HttpClient();

        HttpStatusCode status;
        var accepted = 10;
        do
        {
            using var content = new StringContent(EventClient.Listing(1), Encoding.UTF8, "application/json");
            using var reply = await http.PostAsync(new Uri(platform.Receivers[0].Address, "receiver/site/listings"), content, Cancel);
            status = reply.StatusCode;
            if (status == HttpStatusCode.Created)
                accepted++;
            else
                reply.Headers.RetryAfter.Should().NotBeNull();
        } while (status == HttpStatusCode.Created);
        status.Should().Be(HttpStatusCode.ServiceUnavailable);
        accepted.Should().BeGreaterThan(300).And.BeLessThan(5_000);

        await servers.Kafka.StartAsync();
        await client.SendManyAsync(100, 20, 2, Cancel);
        await Ledger.CaughtUpAsync(platform);
        (await Ledger.StoredCountAsync(platform)).Should().Be(accepted + 20);
    }

    private static Task AcceptedAsync(Journal journal, int count) =>
        Eventually.HoldsAsync(() => journal.Accepted.Count >= count, $"{count} events are accepted", TimeSpan.FromMinutes(2));
}
