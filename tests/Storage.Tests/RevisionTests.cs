using Contracts;
using KafkaMySql;
using ReaderSupport;
using ServiceDefaults;
using Storage.Reading;
using TestSupport;

namespace Storage.Tests;

public sealed class RevisionTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task A_repair_that_inserts_raises_the_revision_and_sets_the_count_right_and_one_that_finds_its_row_does_not()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var records = Enumerable.Range(0, 3).Select(_ => log.Next(Sample.Listing())).ToList();
        await storage.Inbox.ApplyAsync(0, [.. records]);
        (await RevisionAsync(storage)).Should().Be("0");
        await storage.QueryAsync("DELETE FROM listings WHERE row_no = 2");
        records.ForEach(record => record.Headers!.Add(LogHeaders.Repair, "1"u8.ToArray()));

        await storage.Inbox.ApplyAsync(0, [records[0]]);
        (await RevisionAsync(storage)).Should().Be("0");
        await storage.Inbox.ApplyAsync(0, [records[1]]);

        (await RevisionAsync(storage)).Should().Be("1");
        (await storage.Client.GetStringAsync("/storage/site/events/count")).Should().Be("""{"listings":3,"bids":0}""");
    }

    [Fact]
    public async Task The_aggregate_up_to_a_cursor_is_that_of_the_pages_before_it()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        await storage.Inbox.ApplyAsync(0, [log.Next(Sample.Listing()), log.Next(Sample.Listing())]);
        using var page = await storage.Client.GetAsync("/storage/site/listings?limit=10");
        await storage.Inbox.ApplyAsync(1, [log.Next(Sample.Listing(), 1)]);

        var upTo = await storage.Client.GetStringAsync(
            $"/storage/side/aggregate/listings?after={page.Headers.GetValues(Paging.NextAfterHeader).Single()}"
        );
        var all = await storage.Client.GetStringAsync($"/storage/side/aggregate/{EventCatalog.Listings}");

        upTo.Should()
            .Contain("\"count\":2")
            .And.Contain("\"rows\":\"0=2\"")
            .And.Contain("\"sum\":\"1200000.020000000000\",\"max\":\"600000.010000000000\"");
        all.Should().Contain("\"count\":3").And.Contain("\"rows\":\"0=2,1=1\"");
    }

    private static async Task<string> RevisionAsync(StorageHost storage)
    {
        using var page = await storage.Client.GetAsync("/storage/site/listings?limit=1");
        return page.Headers.GetValues(EventLists.TableRevHeader).Single();
    }
}
