using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>What <c>./run</c> starts, with the embedded broker that keeps little and forgets all.</summary>
public sealed class HostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_listing_and_a_bid_are_posted_and_read_back_and_data_outlives_a_restart()
    {
        SkipWithoutMariaDb();
        await using var host = new HostProcess(_folder.Path);
        await host.StartAsync();
        await host.ReadyAsync();
        using var http = new HttpClient();

        (await PostAsync(http, host, "listings", EventClient.Listing(42))).Should().Be(HttpStatusCode.Created);
        (await PostAsync(http, host, "bids", EventClient.Bid(42))).Should().Be(HttpStatusCode.Created);
        await StoredAsync(http, host, 1, 1);
        (await http.GetStringAsync(host.Web, Cancel)).Should().Contain("<title>Real Estate Corp.</title>");
        (await http.GetStringAsync(new Uri(host.Web, "storage/site/events/count"), Cancel)).Should().Be("{\"listings\":1,\"bids\":1}");

        await host.StopAsync();
        host.ExitCode.Should().Be(0, host.Output);
        host.Ports.Should().OnlyContain(port => IsFree(port), "an orderly stop leaves nothing behind");
        await host.StartAsync();
        await host.ReadyAsync();
        await StoredAsync(http, host, 1, 1);
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_ends_with_one_sentence()
    {
        SkipWithoutMariaDb();
        await using var first = new HostProcess(_folder.Path);
        await first.StartAsync();
        await first.ReadyAsync();
        await using var second = new HostProcess(_folder.Path);
        await second.StartAsync();
        await second.ExitAsync();

        second.ExitCode.Should().Be(2);
        second.Output.Trim().Should().Contain("runs already").And.NotContain("   at ");
    }

    [Fact]
    public async Task A_service_that_dies_is_started_again()
    {
        SkipWithoutMariaDb();
        await using var host = new HostProcess(_folder.Path);
        await host.StartAsync();
        await host.ReadyAsync();
        using var http = new HttpClient();
        var recorded = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "data", "run", "storage"), Cancel);
        using (var kill = System.Diagnostics.Process.Start("kill", ["-KILL", recorded.Split(' ')[0]]))
            await kill.WaitForExitAsync(Cancel);

        (await PostAsync(http, host, "listings", EventClient.Listing(1))).Should().Be(HttpStatusCode.Created);

        await StoredAsync(http, host, 1, 0);
        host.Output.Should().Contain("storage ended with code 137");
    }

    [Fact]
    public async Task A_burst_of_200_000_events_through_the_embedded_broker_loses_nothing()
    {
        SkipWithoutMariaDb();
        await using var host = new HostProcess(_folder.Path);
        await host.StartAsync();
        await host.ReadyAsync();
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };

        var batches = Enumerable.Range(0, 200).ToArray();
        await Parallel.ForEachAsync(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel },
            async (batch, cancel) =>
            {
                var lines = new StringBuilder();
                for (var i = 0; i < 1000; i++)
                    lines.Append("{\"type\":\"listings\",\"payload\":").Append(EventClient.Listing(batch * 1000L + i)).Append("}\n");
                var accepted = 0;
                while (accepted == 0)
                {
                    using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
                    using var reply = await http.PostAsync(new Uri(host.Receiver, "receiver/site/events"), content, cancel);
                    var text = await reply.Content.ReadAsStringAsync(cancel);
                    accepted = text.Split('\n').Count(line => line.Contains("\"status\":201", StringComparison.Ordinal));
                }
                accepted.Should().Be(1000);
            }
        );

        await StoredAsync(http, host, 200_000, 0);
    }

    [Fact]
    public async Task Killing_the_host_in_the_middle_of_traffic_and_starting_it_again_loses_nothing()
    {
        SkipWithoutMariaDb();
        await using var host = new HostProcess(_folder.Path);
        await host.StartAsync();
        await host.ReadyAsync();
        var journal = new Journal();
        using var client = new EventClient(_ => host.Receiver, journal);

        var sending = client.SendManyAsync(0, 20_000, 32, Cancel);
        await Eventually.HoldsAsync(() => journal.Accepted.Count > 5_000, "5,000 events are accepted", TimeSpan.FromMinutes(2));
        await host.KillAsync();
        await Eventually.HoldsAsync(() => host.Ports.All(IsFree), "nothing is left that holds a port");
        await host.StartAsync();
        await host.ReadyAsync();
        await sending;

        using var http = new HttpClient();
        await StoredAsync(http, host, 10_000, 10_000);
        var stored = await Deployment.ColumnAsync(
            host.ConnectionString("real_estate"),
            "SELECT trace_id FROM listings UNION ALL SELECT trace_id FROM bids"
        );
        Ids.AreTheSame(stored, [.. journal.Accepted.Keys]);
    }

    public void Dispose() => _folder.Dispose();

    private static void SkipWithoutMariaDb()
    {
        if (MariaDbServer.Missing is { } reason)
            Assert.Skip(reason);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, HostProcess host, string route, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await http.PostAsync(new Uri(host.Receiver, $"receiver/site/{route}"), content, Cancel);
        return reply.StatusCode;
    }

    private static Task StoredAsync(HttpClient http, HostProcess host, int listings, int bids) =>
        Eventually.HoldsAsync(
            async () =>
            {
                var text = await http.GetStringAsync(new Uri(host.Storage, "storage/site/events/count"), Cancel);
                using var counts = JsonDocument.Parse(text);
                return
                    counts.RootElement.GetProperty("listings").GetInt64() == listings
                    && counts.RootElement.GetProperty("bids").GetInt64() == bids
                    ? true
                    : throw new InvalidOperationException($"{text}\n{host.Output}");
            },
            $"{listings} listings and {bids} bids are stored",
            TimeSpan.FromMinutes(2),
            TimeSpan.FromMilliseconds(100)
        );

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
