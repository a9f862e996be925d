using System.Globalization;
using System.Text;
using TestSupport;

namespace PlatformSupport;

/// <summary>The main promise under load, on any platform: what was answered 201 is stored exactly once, and who reads meanwhile misses nothing.</summary>
public static class Traffic
{
    private const int Events = 10_000;

    /// <summary>
    /// Sends 10,000 events from 64 clients, kills a Receiver and a Storage in the middle and starts them again. Meanwhile the listings are
    /// read by pages and the bids by windows from <paramref name="storage"/>.
    /// </summary>
    /// <param name="receiver">Where the n-th attempt for an event goes.</param>
    /// <param name="first">The number of the first event; even ones are listings.</param>
    public static async Task SurvivesKillsAsync(
        IPlatform platform,
        Journal journal,
        Func<int, Uri> receiver,
        Uri storage,
        IKillable oneReceiver,
        IKillable oneStorage,
        long first = 0
    )
    {
        var before = journal.Accepted.Count;
        var (listings, bids) = ((await ListingsAsync()).Count, (await BidsAsync()).Count);
        using var clients = new EventClient(receiver, journal);
        using var pages = new PageReader(storage, "listings");
        using var windows = new PageReader(storage, "bids");
        using var done = new CancellationTokenSource();
        var following = Task.WhenAll(
            PageReader.FollowAsync(pages.ReadPagesAsync, done.Token),
            PageReader.FollowAsync(windows.ReadWindowAsync, done.Token)
        );

        var sending = clients.SendManyAsync(first, Events, 64, CancellationToken.None);
        await AcceptedAsync(3_000);
        await oneReceiver.KillAsync();
        await AcceptedAsync(4_000);
        await oneStorage.KillAsync();
        await oneReceiver.StartAsync();
        await AcceptedAsync(6_000);
        await oneStorage.StartAsync();
        await sending;

        journal.Accepted.Should().HaveCount(before + Events);
        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
        await Ledger.TheChainHasNoHoleAsync(platform.LogDatabase);

        await done.CancelAsync();
        await following;
        await ReadOnAsync(pages, pages.ReadPagesAsync, listings + (Events / 2));
        await ReadOnAsync(windows, windows.ReadWindowAsync, bids + (Events / 2));
        Ids.AreTheSame(pages.Seen, await ListingsAsync());
        Ids.AreTheSame(windows.Seen, await BidsAsync());

        var onTopic = TopicReader.ReadAll(platform.BootstrapServers, platform.Topic);
        var traceIds = onTopic.Select(record => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("trace_id")));
        // An event that was sent again stands there twice.
        Ids.Contain([.. traceIds], [.. journal.Accepted.Keys]);
        onTopic.TrueForAll(record => record.Message.Value.StartsWith("{\"type\":\"", StringComparison.Ordinal)).Should().BeTrue();

        Task AcceptedAsync(int count) =>
            Eventually.HoldsAsync(
                () => sending.IsFaulted || journal.Accepted.Count >= before + count,
                $"{count} events are accepted",
                TimeSpan.FromMinutes(3)
            );

        Task<List<string>> ListingsAsync() => Deployment.ColumnAsync(platform.TableDatabase, "SELECT trace_id FROM listings");

        Task<List<string>> BidsAsync() => Deployment.ColumnAsync(platform.TableDatabase, "SELECT trace_id FROM bids");
    }

    /// <summary>Sends a bid before its listing, then the listing again and again: the rows stand in the order of the acknowledgements.</summary>
    public static async Task KeepsTheOrderOfOneListingAsync(IPlatform platform, Journal journal, Func<int, Uri> receiver)
    {
        const long listing = 9_000_000_008;
        using var client = new EventClient(receiver, journal);

        await client.SendAsync(listing - 1, CancellationToken.None);
        for (var i = 0; i < 50; i++)
            await client.SendAsync(listing, CancellationToken.None);

        await Ledger.EveryAcceptedEventIsStoredOnceAsync(platform, journal);
        var acknowledged = journal.Accepted.Where(entry => entry.Value == $"listings {listing}").Select(entry => Number(entry.Key)).Order();
        var stored = await Deployment.ColumnAsync(
            platform.TableDatabase,
            $"SELECT trace_id FROM listings WHERE listing_id = {listing} ORDER BY partition_no, row_no"
        );
        stored.Select(Number).Should().Equal(acknowledged);

        static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }

    // A window is complete only so far; the last rows may need one more.
    private static Task ReadOnAsync(PageReader reader, Func<CancellationToken, Task> read, int rows) =>
        Eventually.HoldsAsync(
            async () =>
            {
                await read(CancellationToken.None);
                return reader.Seen.Count >= rows
                    ? true
                    : throw new InvalidOperationException($"{reader.Seen.Count} rows were read of {rows}");
            },
            "every row was read"
        );
}
