using System.Net;
using System.Text;
using TestSupport;

namespace Storage.Tests;

public sealed class DirectWriteTests(MariaDbFixture fixture)
{
    private const string Listing =
        """{"listing_id":1,"listing_price":5,"listing_type":"Condo","listing_status":"SOLD","listing_contact":"a@b.c","trace_id":1738302360430669700}""";

    private const string Bid = """
        {"bidding_id":1,"listing_id":1,"asking_price":5,"offer_price":6,"property_square_feet":7,"price_per_square_feet":8,"bid_status":"APPROVED","trace_id":77}
        """;

    [Theory]
    [InlineData("/storage/site/listings", Listing)]
    [InlineData("/site/bids", Bid)]
    public async Task Writing_around_the_receiver_is_off_unless_asked_for(string path, string body)
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);

        using var reply = await PostAsync(storage, path, body);

        reply.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await storage.Client.GetStringAsync("/site/events/count")).Should().Be("""{"listings":0,"bids":0}""");
    }

    [Fact]
    public async Task Switched_on_it_stores_an_event_once_and_answers_201_with_nothing()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server, "Storage:WriteRoutes=on");

        foreach (
            var (path, body) in new[]
            {
                ("/storage/site/listings", Listing),
                ("/storage/site/listings", Listing),
                ("/storage/site/bids", Bid),
            }
        )
        {
            using var reply = await PostAsync(storage, path, body);
            reply.StatusCode.Should().Be(HttpStatusCode.Created);
            (await reply.Content.ReadAsStringAsync()).Should().BeEmpty();
        }

        (await storage.Client.GetStringAsync("/site/events/count")).Should().Be("""{"listings":1,"bids":1}""");
        (await storage.TraceIdsAsync("/site/listings")).Should().Equal(1738302360430669700);
        (await storage.TraceIdsAsync("/site/listings/ids?limit=5")).Should().Equal(1738302360430669700);
    }

    [Fact]
    public async Task Another_event_with_a_stored_trace_id_is_409()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server, "Storage:WriteRoutes=on");
        using var first = await PostAsync(storage, "/site/listings", Listing);

        using var other = await PostAsync(storage, "/site/listings", Listing.Replace("\"Condo\"", "\"Mansion\"", StringComparison.Ordinal));

        other.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("null", 400)]
    [InlineData("", 400)]
    [InlineData("""{"listing_id":1,"listing_price":5,"listing_type":"Condo","listing_status":"SOLD","listing_contact":"a@b.c"}""", 400)]
    [InlineData(
        """{"listing_id":1.0,"listing_price":5,"listing_type":"Condo","listing_status":"SOLD","listing_contact":"a@b.c","trace_id":1}""",
        400
    )]
    [InlineData(
        """{"listing_id":1,"listing_price":5,"listing_type":"Condo","listing_status":"SOLD","listing_contact":"a@b.c","trace_id":"1"}""",
        400
    )]
    public async Task What_the_receiver_would_refuse_is_refused_here_too_and_so_is_a_missing_trace_id(string body, int status)
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server, "Storage:WriteRoutes=true");

        using var reply = await PostAsync(storage, "/storage/site/listings", body);

        ((int)reply.StatusCode).Should().Be(status);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task A_body_of_another_content_type_is_415_and_one_too_large_413()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server, "Storage:WriteRoutes=true");

        using var text = await storage.Client.PostAsync("/storage/site/listings", new StringContent(Listing, Encoding.UTF8, "text/plain"));
        using var large = await PostAsync(storage, "/storage/site/listings", Listing + new string(' ', 300 * 1024));

        text.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        large.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    private static async Task<HttpResponseMessage> PostAsync(StorageHost storage, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await storage.Client.PostAsync(path, content);
    }
}
