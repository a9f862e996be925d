using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Contracts;
using ReaderSupport;
using ServiceDefaults;
using Storage.Reading;
using TestSupport;

namespace Storage.Tests;

public sealed class CursorOnMariaDb(MariaDbFixture fixture) : CursorTests(fixture);

[Collection(OnMySql.Name)]
public sealed class CursorOnMySql(MySqlFixture fixture) : CursorTests(fixture);

public abstract class CursorTests(DatabaseFixture fixture)
{
    [Theory]
    [InlineData("/storage/site/listings", 7)]
    [InlineData("/storage/site/listings/ids", 1)]
    [InlineData("/storage/site/listings", 1000)]
    public async Task Pages_together_are_the_list(string path, int limit)
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        for (var batch = 0; batch < 8; batch++)
            await storage.Inbox.ApplyAsync(batch % 3, [.. Enumerable.Range(0, 5).Select(i => Next(log, i, batch % 3))]);

        var (pages, last) = await PagesAsync(storage, path, $"limit={limit}");

        pages.Should().Equal(await storage.TraceIdsAsync(path)).And.HaveCount(24);
        (await storage.TraceIdsAsync($"{path}?after={last}")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_page_begins_at_the_start_and_stops_at_the_end_of_the_window()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var all = new List<long>();
        for (var partition = 0; partition < 3; partition++)
            await storage.Inbox.ApplyAsync(partition, [.. Enumerable.Range(0, 40).Select(i => Next(log, i, partition))]);
        // One row a second, partitions in turn.
        await storage.QueryAsync(
            "UPDATE listings SET ingested_at = TIMESTAMPADD(SECOND, row_no * 3 + row_partition, '2025-01-07 12:00:00')"
        );
        const string Window = "start_timestamp=2025-01-07T12:00:30Z&end_timestamp=2025-01-07T12:01:30Z";

        all.AddRange(await storage.TraceIdsAsync($"/site/listings?{Window}"));
        var (pages, _) = await PagesAsync(storage, "/site/listings", $"{Window}&limit=7");

        all.Should().HaveCountGreaterThan(20);
        pages.Should().Equal(all);
    }

    [Fact]
    public async Task The_cursor_takes_the_place_of_the_start()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        await storage.Inbox.ApplyAsync(0, [.. Enumerable.Range(0, 10).Select(_ => log.Next(Sample.Listing()))]);
        using var first = await storage.Client.GetAsync("/site/listings?limit=4");
        var after = first.Headers.GetValues(Paging.NextAfterHeader).Single();

        var rest = await storage.TraceIdsAsync($"/site/listings?start_timestamp=2999-01-01T00:00:00Z&after={after}");

        rest.Should().Equal((await storage.TraceIdsAsync("/site/listings")).Skip(4));
    }

    [Fact]
    public async Task An_empty_page_has_a_cursor_that_later_rows_stand_behind()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        using var empty = await storage.Client.GetAsync("/site/bids?limit=5");
        var after = empty.Headers.GetValues(Paging.NextAfterHeader).Single();
        using var still = await storage.Client.GetAsync($"/site/bids?after={after}");
        after = still.Headers.GetValues(Paging.NextAfterHeader).Single();
        var bid = Sample.Bid();

        await storage.Inbox.ApplyAsync(3, [new TopicLog().Next(bid, 3)]);

        (await storage.TraceIdsAsync($"/site/bids?after={after}")).Should().Equal(bid.TraceId);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_400()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        using var reply = await storage.Client.GetAsync("/site/bids?limit=5");
        var after = reply.Headers.GetValues(Paging.NextAfterHeader).Single();

        (await storage.Client.GetAsync($"/site/listings?after={after}")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("DELETE FROM listings WHERE row_no = 4")]
    [InlineData("UPDATE listings SET trace_id = 5 WHERE row_no = 4")]
    [InlineData("DELETE FROM listings")]
    public async Task A_cursor_whose_row_is_gone_or_another_is_410(string restored)
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        await storage.Inbox.ApplyAsync(0, [.. Enumerable.Range(0, 10).Select(_ => log.Next(Sample.Listing()))]);
        using var reply = await storage.Client.GetAsync("/site/listings?limit=4");
        var after = reply.Headers.GetValues(Paging.NextAfterHeader).Single();
        (await storage.Client.GetAsync($"/site/listings?after={after}")).StatusCode.Should().Be(HttpStatusCode.OK);

        await storage.QueryAsync(restored);

        using var gone = await storage.Client.GetAsync($"/site/listings?after={after}");
        gone.StatusCode.Should().Be(HttpStatusCode.Gone);
        gone.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task Pages_read_while_rows_arrive_have_every_row_once_and_in_order_also_when_the_clock_steps_back()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var stored = new ConcurrentBag<long>();
        using var stop = new CancellationTokenSource();
        // Partition 2's clock is an hour ahead of the others', as after a step back.
        await storage.Inbox.ApplyAsync(2, [Next(log, 1, 2)]);
        await storage.QueryAsync(
            "UPDATE partition_progress SET last_at = TIMESTAMPADD(SECOND, 2, UTC_TIMESTAMP(6)) WHERE partition_no = 2"
        );
        var writers = Enumerable
            .Range(0, 4)
            .Select(partition => Task.Run(() => WriteAsync(storage, log, partition, stored, stop.Token)))
            .ToList();

        var seen = new List<long>();
        var after = "";
        for (var page = 0; page < 150; page++)
        {
            using var reply = await storage.Client.GetAsync($"/site/listings?limit=50{after}");
            seen.AddRange((await StorageHost.RowsAsync(reply)).Select(StorageHost.TraceId));
            after = "&after=" + reply.Headers.GetValues(Paging.NextAfterHeader).Single();
        }
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        await Eventually.HoldsAsync(
            async () =>
            {
                var (rest, last) = await PagesAsync(storage, "/site/listings", $"limit=1000{after}");
                seen.AddRange(rest);
                after = "&after=" + last;
                return seen.Count >= stored.Count;
            },
            "every row comes"
        );

        seen.Should().OnlyHaveUniqueItems();
        seen.ToHashSet().SetEquals(stored).Should().BeTrue();
        var order = (await storage.QueryAsync("SELECT trace_id FROM listings ORDER BY row_partition, row_no")).ConvertAll(row =>
            (long)row[0]!
        );
        var partition = (await storage.QueryAsync("SELECT trace_id, row_partition FROM listings")).ToDictionary(
            row => (long)row[0]!,
            row => Convert.ToInt32(row[1], CultureInfo.InvariantCulture)
        );
        seen.GroupBy(id => partition[id]).OrderBy(group => group.Key).SelectMany(group => group).Should().Equal(order);
    }

    private static async Task WriteAsync(
        StorageHost storage,
        TopicLog log,
        int partition,
        ConcurrentBag<long> stored,
        CancellationToken stop
    )
    {
        while (!stop.IsCancellationRequested)
        {
            var messages = Enumerable.Range(0, 10).Select(_ => Sample.Listing()).ToList();
            var records = messages.ConvertAll(message =>
            {
                lock (log)
                    return log.Next(message, partition);
            });
            await storage.Inbox.ApplyAsync(partition, records, cancellationToken: CancellationToken.None);
            messages.ForEach(message => stored.Add(message.TraceId));
        }
    }

    // Two of three are listings, so that a list's numbers have gaps.
    private static MassTransit.Kafka.Extensions.RawRecord Next(TopicLog log, int number, int partition) =>
        log.Next(number % 5 is 1 or 3 ? Sample.Bid() : (EventMessage)Sample.Listing(), partition);

    private static async Task<(List<long> TraceIds, string Last)> PagesAsync(StorageHost storage, string path, string query)
    {
        var all = new List<long>();
        var next = query;
        while (true)
        {
            using var reply = await storage.Client.GetAsync($"{path}?{next}");
            var page = (await StorageHost.RowsAsync(reply)).ConvertAll(StorageHost.TraceId);
            var after = reply.Headers.GetValues(Paging.NextAfterHeader).Single();
            if (page.Count == 0)
                return (all, after);
            all.AddRange(page);
            var kept = query.Split('&').Where(part => !part.StartsWith("after=", StringComparison.Ordinal));
            next = string.Join('&', kept.Append($"after={after}"));
        }
    }
}
