using System.Text;
using System.Text.Json;
using Contracts;

namespace AppHost.Tests;

public sealed class DemoEventsTests
{
    private static readonly Random Random = new(7);

    [Fact]
    public void Every_event_is_one_that_the_contract_accepts()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var id = Random.NextInt64(1, 1_000_000);
            Accepts(EventCatalog.Listings, DemoEvents.Listing(id, Random));
            Accepts(EventCatalog.Bids, DemoEvents.Bid(id, Random));
        }
    }

    [Fact]
    public void What_is_odd_appears_now_and_then()
    {
        var cheap = Count(DemoEvents.Listing, "listing_price", _ => 1_000);
        var low = Count(DemoEvents.Bid, "offer_price", bid => bid.GetProperty("asking_price").GetDecimal());

        cheap.Should().BeInRange(50, 200, "of 10,000 listings");
        low.Should().BeInRange(100, 400, "of 10,000 bids");
    }

    private static int Count(Func<long, Random, string> write, string key, Func<JsonElement, decimal> limit) =>
        Enumerable
            .Range(0, 10_000)
            .Count(_ =>
            {
                using var body = JsonDocument.Parse(write(Random.NextInt64(1, 1_000_000), Random));
                return body.RootElement.GetProperty(key).GetDecimal() < limit(body.RootElement);
            });

    private static void Accepts(EventType type, string body) =>
        (type.Check(Encoding.UTF8.GetBytes(body), out var error) is not null).Should().BeTrue($"{error}: {body}");
}
