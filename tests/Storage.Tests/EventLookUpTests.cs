using System.Net;
using System.Text.Json;
using Contracts;
using ReaderSupport;
using TestSupport;

namespace Storage.Tests;

/// <summary>Where one event is stored.</summary>
public sealed class EventLookUpTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task An_event_is_found_by_its_trace_id_with_coordinate_row_and_time()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var listing = Sample.Listing();
        var bid = Sample.Bid();
        await storage.Inbox.ApplyAsync(2, [log.Next(listing, 2), log.Next(bid, 2)]);
        var stranger = Sample.Bid();
        await storage.Inbox.ApplyAsync(1, [log.Foreign(Envelope.Write(stranger), 1)]);

        var found = await FindAsync(storage, bid.Identity);
        found.GetProperty("trace_id").GetString().Should().Be(bid.Identity);
        found.GetProperty("type").GetString().Should().Be("bids");
        (Number(found, "partition"), Number(found, "seq"), Number(found, "row_partition"), Number(found, "row_no"))
            .Should()
            .Be((2, 2, 2, 2));
        found.GetProperty("stored_at").GetDateTimeOffset().Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (await FindAsync(storage, listing.Identity)).GetProperty("type").GetString().Should().Be("listings");
        (await FindAsync(storage, stranger.Identity)).GetProperty("seq").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("/storage/events/17", HttpStatusCode.NotFound, "application/json")]
    [InlineData("/events/0191f7b0-0000-7000-8000-000000000000", HttpStatusCode.NotFound, "application/json")]
    [InlineData("/events/no%20such%20thing", HttpStatusCode.NotFound, "application/json")]
    [InlineData("/events/17?type=cars", HttpStatusCode.BadRequest, "application/problem+json")]
    [InlineData("/events/17?kind=bids", HttpStatusCode.BadRequest, "application/problem+json")]
    public async Task What_is_not_there_is_404_and_a_wrong_question_400(string path, HttpStatusCode status, string type)
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);

        using var reply = await storage.Client.GetAsync(path);

        reply.StatusCode.Should().Be(status);
        reply.Content.Headers.ContentType!.MediaType.Should().Be(type);
    }

    private static long Number(JsonElement found, string name) => found.GetProperty(name).GetInt64();

    private static async Task<JsonElement> FindAsync(StorageHost storage, string traceId) =>
        JsonDocument.Parse(await storage.Client.GetStringAsync($"/storage/events/{traceId}")).RootElement;
}
