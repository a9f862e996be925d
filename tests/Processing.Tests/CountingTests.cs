using System.Net;
using System.Text.Json;
using TestSupport;
using static TestSupport.StoredRows;

namespace Processing.Tests;

/// <summary>Counting, against a real Storage on a real database.</summary>
public sealed class CountingTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task Before_the_first_cycle_there_are_no_statistics_and_after_it_they_have_five_keys()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url);
        using (var none = await processing.Client.GetAsync("/processing/stats"))
        {
            none.StatusCode.Should().Be(HttpStatusCode.NotFound);
            (await none.Content.ReadAsStringAsync()).Should().Be("""{"message":"Statistics do not exist"}""");
        }

        await processing.CycleAsync();
        (await processing.StatsAsync()).Should().Be((0, 0, 0, 0));
        await storage.Rows.AddAsync(0, Listing(600000.25m), Bid(1_300_000), Listing(1_000_000));
        await storage.Rows.AddAsync(3, Bid(5));
        await processing.CycleAsync();

        var text = await processing.Client.GetStringAsync("/stats");
        text.Should()
            .MatchRegex(
                """^\{"num_listings":2,"num_bids":2,"max_listing_price":1000000\.0,"max_offer_price":1300000\.0,"last_updated":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"\}$"""
            );
        (await File.ReadAllTextAsync(processing.Document)).Should().Be(text);
        Directory.GetFiles(Path.GetDirectoryName(processing.Document)!).Should().ContainSingle("it is written beside and put in place");
    }

    [Fact]
    public async Task Maxima_are_of_all_events_and_never_fall_and_an_event_is_counted_once()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url);
        await storage.Rows.AddAsync(0, Listing(900), Bid(800));
        await processing.CycleAsync();

        await storage.Rows.AddAsync(1, Listing(5), Bid(6));
        await processing.CycleAsync();
        await processing.CycleAsync();

        (await processing.StatsAsync()).Should().Be((2, 2, 900, 800));
    }

    [Fact]
    public async Task More_rows_than_a_page_holds_are_counted_in_one_cycle()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url);
        await storage.Rows.AddAsync(0, [.. Enumerable.Range(1, 11_000).Select(price => Listing(price))]);
        await storage.Rows.AddAsync(1, [.. Enumerable.Range(1, 10_000).Select(price => Bid(price))]);

        await processing.CycleAsync();

        (await processing.StatsAsync()).Should().Be((11_000, 10_000, 11_000, 10_000));
    }

    [Fact]
    public async Task A_late_commit_is_not_lost()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url);
        // Numbered and dated first, committed last.
        await using var late = await storage.Rows.BeginAsync(0, Listing(700), Bid(10));
        await storage.Rows.AddAsync(1, Listing(600), Bid(20));

        var cycle = processing.CycleAsync();
        await late.CommitAsync();
        await cycle;
        await processing.CycleAsync();

        (await processing.StatsAsync()).Should().Be((2, 2, 700, 20));
    }

    [Fact]
    public async Task Two_instances_at_once_do_no_harm()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        var database = await fixture.Server.NewDatabaseAsync("processing");
        await using var one = await ProcessingHost.StartOnAsync(database, storage.Url);
        await using var two = await ProcessingHost.StartOnAsync(database, storage.Url);
        for (var round = 0; round < 10; round++)
        {
            var writing = storage.Rows.AddAsync(round % 4, [.. Enumerable.Range(1, 50).Select(price => Listing(price)), Bid(round + 1)]);
            await Task.WhenAll(one.CycleAsync(), two.CycleAsync(), one.CycleAsync(), writing);
        }
        await one.CycleAsync();

        (await one.StatsAsync()).Should().Be((500, 10, 50, 10)).And.Be(await two.StatsAsync());
        (await two.RecomputeAsync()).GetProperty("equal").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Counting_anew_gives_the_same_and_mends_what_is_not()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        var database = await fixture.Server.NewDatabaseAsync("processing");
        await using var processing = await ProcessingHost.StartOnAsync(database, storage.Url);
        await storage.Rows.AddAsync(0, Listing(0.1m), Listing(0.2m), Bid(3));
        await processing.CycleAsync();
        await storage.Rows.AddAsync(0, Listing(7));

        // What is stored but not yet counted is no difference.
        (await processing.RecomputeAsync())
            .GetProperty("equal")
            .GetBoolean()
            .Should()
            .BeTrue();
        (await processing.StatsAsync()).Should().Be((2, 1, 0.2m, 3));
        await new StoredRows(database).ExecuteAsync("UPDATE type_statistics SET counted = 5 WHERE type_id = 1");
        var mended = await processing.RecomputeAsync();

        mended.GetProperty("equal").GetBoolean().Should().BeFalse();
        mended.GetProperty("types")[0].ToString().Should().Be("""{"type":"listings","before":5,"count":2,"equal":false}""");
        await processing.CycleAsync();
        (await processing.StatsAsync()).Should().Be((3, 1, 7, 3));
    }

    [Theory]
    [InlineData("DELETE FROM listings WHERE row_no = 2", 1)]
    [InlineData("DELETE FROM listings", 0)]
    [InlineData("DELETE FROM listings WHERE row_no = 1; INSERT INTO table_rev VALUES (1, 1) ON DUPLICATE KEY UPDATE rev = rev + 1", 1)]
    public async Task When_Storage_was_restored_or_mended_it_counts_anew_by_itself(string damage, long left)
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url);
        await storage.Rows.AddAsync(0, Listing(10), Listing(20));
        await processing.CycleAsync();

        await storage.Rows.ExecuteAsync(damage);
        await processing.CycleAsync();
        await processing.CycleAsync();

        (await processing.StatsAsync()).Should().Be((left, 0, 20, 0), "the count follows the table, a maximum never falls");
        await storage.Rows.AddAsync(0, Listing(1));
        await processing.CycleAsync();
        (await processing.StatsAsync()).Listings.Should().Be(left + 1);
        await processing.RecomputeAsync();
        (await processing.StatsAsync()).MaxListing.Should().Be(await HighestAsync(storage), "counting anew by hand begins anew");
    }

    private static async Task<decimal> HighestAsync(StorageProcess storage) =>
        decimal.Parse(
            (await Deployment.ColumnAsync(storage.Rows.ConnectionString, "SELECT MAX(listing_price) FROM listings")).Single(),
            System.Globalization.CultureInfo.InvariantCulture
        );

    [Fact]
    public async Task Progress_names_the_highest_row_of_every_partition_and_type()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url);
        await storage.Rows.AddAsync(0, Listing(1), Listing(2), Bid(3));
        await storage.Rows.AddAsync(2, Listing(4));
        await processing.CycleAsync();

        var progress = await processing.JsonAsync("/processing/progress");

        progress.GetProperty("at").GetDateTimeOffset().Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        progress
            .GetProperty("partitions")
            .ToString()
            .Should()
            .Be(
                """[{"partition":0,"type":"bids","row_no":3},{"partition":0,"type":"listings","row_no":2},{"partition":2,"type":"listings","row_no":1}]"""
            );
    }

    [Fact]
    public async Task While_Storage_is_down_the_last_statistics_stay_and_counting_anew_is_503()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url);
        await storage.Rows.AddAsync(0, Listing(10), Bid(20));
        await processing.CycleAsync();
        var before = await processing.Client.GetStringAsync("/processing/stats");

        await storage.Process.KillAsync();
        await processing.FailingCycleAsync();

        (await processing.Client.GetStringAsync("/processing/stats")).Should().Be(before);
        using var recompute = await processing.Client.PostAsync("/processing/recompute", null);
        recompute.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        using (var problem = JsonDocument.Parse(await recompute.Content.ReadAsStringAsync()))
            problem.RootElement.EnumerateObject().Select(key => key.Name).Should().BeEquivalentTo("type", "title", "detail", "status");
        (await processing.Client.GetStringAsync("/health")).Should().Contain("\"statistics\":{\"status\":\"Degraded\"");
        await storage.StartAsync();
        await storage.Rows.AddAsync(0, Listing(30));
        await processing.CycleAsync();
        (await processing.StatsAsync()).Should().Be((2, 1, 30, 20));
    }
}
