using System.Net;
using System.Text.Json;
using ReaderSupport;
using TestSupport;

namespace Storage.Tests;

public sealed class ListTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task A_listing_has_exactly_the_contracts_keys_and_types()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var message = Sample.Listing(7, ""","listing_post":"2025-01-07T14:47:00.9+02:00","color":"red" """);
        await storage.Inbox.ApplyAsync(0, [new TopicLog().Next(message)]);

        (await storage.Client.GetStringAsync("/storage/site/listings"))
            .Should()
            .Be(
                $$"""[{"listing_id":7,"listing_price":600000.01,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Condo","listing_status":"SOLD","listing_contact":"a@b.c","trace_id":{{message.TraceId}}}]"""
            );
    }

    [Fact]
    public async Task A_bid_has_exactly_the_contracts_keys_and_types()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var message = Sample.Bid(8, ""","offer_date":"2025-01-07T12:47:00Z" """);
        await storage.Inbox.ApplyAsync(0, [new TopicLog().Next(message)]);

        (await storage.Client.GetStringAsync("/storage/site/bids"))
            .Should()
            .Be(
                $$"""[{"bidding_id":8,"listing_id":7,"asking_price":600000.00,"offer_price":619000.50,"offer_date":"2025-01-07T12:47:00Z","property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED","trace_id":{{message.TraceId}}}]"""
            );
    }

    [Fact]
    public async Task A_date_the_client_did_not_send_is_the_time_of_storing()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        await storage.Inbox.ApplyAsync(0, [new TopicLog().Next(Sample.Listing())]);

        var post = (await storage.RowsAsync("/site/listings")).Single().GetProperty("listing_post").GetString();

        post.Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
        DateTimeOffset.Parse(post!, null).Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("/storage/site/listings", """[{"listing_id":1""")]
    [InlineData("/storage/site/listings/", """[{"listing_id":1""")]
    [InlineData("/site/listings", """[{"listing_id":1""")]
    [InlineData("/storage/site/bids", """[{"bidding_id":2""")]
    [InlineData("/site/bids/", """[{"bidding_id":2""")]
    [InlineData("/storage/site/listings/ids", """[{"event_id":1,"trace_id":""")]
    [InlineData("/site/bids/ids", """[{"event_id":2,"trace_id":""")]
    [InlineData("/storage/site/events/count", """{"listings":1,"bids":1}""")]
    [InlineData("/site/events/count/", """{"listings":1,"bids":1}""")]
    [InlineData("/storage/progress", """{"log":"main","consumer":"storage","partitions":[{"partition":0,"last":2,"stalled_at":""")]
    [InlineData("/storage/ui/", "<!doctype html>")]
    public async Task Every_route_answers_with_and_without_its_base_path(string path, string beginning)
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        await storage.Inbox.ApplyAsync(0, [log.Next(Sample.Listing(1)), log.Next(Sample.Bid(2))]);

        // Progress is read from the database once a second.
        await Eventually.HoldsAsync(
            async () => (await storage.Client.GetStringAsync(path)).StartsWith(beginning, StringComparison.Ordinal),
            $"{path} says {beginning}",
            TimeSpan.FromSeconds(5)
        );
    }

    [Fact]
    public async Task An_empty_list_is_an_empty_array()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);

        (await storage.Client.GetStringAsync("/storage/site/listings")).Should().Be("[]");
        (await storage.Client.GetStringAsync("/storage/site/bids/ids?limit=5")).Should().Be("[]");
        (await storage.Client.GetStringAsync("/storage/site/events/count")).Should().Be("""{"listings":0,"bids":0}""");
    }

    [Theory]
    [InlineData("start_timestamp=yesterday", "start_timestamp")]
    [InlineData("start_timestamp=", "start_timestamp")]
    [InlineData("end_timestamp=2025-01-07", "end_timestamp")]
    [InlineData("end_timestamp=2025-13-01T00:00:00Z", "end_timestamp")]
    [InlineData("start_timestamp=2025-01-01+00:00:00&start_timestamp=2025-01-01+00:00:00", "start_timestamp")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=10001", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("after=rubbish", "after")]
    [InlineData("after=AAAA", "after")]
    [InlineData("from=2025-01-01T00:00:00Z", "from")]
    public async Task A_parameter_that_cannot_be_read_is_400_by_name(string query, string name)
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);

        using var reply = await storage.Client.GetAsync($"/storage/site/listings?{query}");

        reply.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        using var problem = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        problem.RootElement.EnumerateObject().Select(key => key.Name).Should().BeEquivalentTo("type", "title", "detail", "status");
        problem.RootElement.GetProperty("detail").GetString().Should().Contain(name);
    }

    [Fact]
    public async Task Ids_take_no_timestamps()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);

        (await storage.Client.GetAsync("/storage/site/bids/ids?start_timestamp=2025-01-01T00:00:00Z"))
            .StatusCode.Should()
            .Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_long_list_is_whole_and_in_the_order_of_storing()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var expected = new List<long>();
        for (var batch = 0; batch < 10; batch++)
        {
            var messages = Enumerable.Range(0, 450).Select(_ => Sample.Listing()).ToList();
            expected.AddRange(messages.Select(message => message.TraceId));
            await storage.Inbox.ApplyAsync(batch % 4, [.. messages.Select(message => log.Next(message, batch % 4))]);
        }

        (await storage.TraceIdsAsync("/storage/site/listings")).Should().Equal(expected);
        (await storage.TraceIdsAsync("/storage/site/listings/ids")).Should().Equal(expected);
    }

    [Fact]
    public async Task The_api_document_knows_every_route()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);

        using var document = JsonDocument.Parse(await storage.Client.GetStringAsync("/storage/openapi.json"));

        document
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .Select(path => path.Name)
            .Should()
            .Contain(["/site/listings", "/site/bids", "/site/listings/ids", "/site/bids/ids", "/site/events/count", "/progress"]);
    }
}
