using System.Globalization;

namespace AppHost;

/// <summary>
/// Sample events with random values: most as sellers and buyers would send them, and now and then one that the detectors find odd.
/// </summary>
internal static class DemoEvents
{
    private const int OddBidIn = 50;
    private const int OddListingIn = 100;
    private static readonly string[] Types = ["Apartment", "Condo", "Detached", "Mansion", "Townhouse"];
    private static readonly string[] ListingStates = ["SOLD", "OFFER_PENDING", "AVAILABLE"];
    private static readonly string[] BidStates = ["APPROVED", "REJECTED"];

    /// <summary>A listing; its price follows from its number, and one in a hundred is nearly given away.</summary>
    public static string Listing(long id, Random random) =>
        $$"""
            {"listing_id":{{id}},"listing_price":{{Money(IsOdd(OddListingIn, random) ? random.Next(1, 1_000) : Price(id), random)}},
            "listing_post":"{{Now()}}","listing_type":"{{Pick(Types, random)}}","listing_status":"{{Pick(ListingStates, random)}}",
            "listing_contact":"{{random.Next(100_000, 1_000_000)}}@example.com"}
            """;

    /// <summary>A bid on that listing: what is asked or up to a tenth more, and one in fifty a tenth less.</summary>
    public static string Bid(long id, Random random)
    {
        var asking = Price(id);
        var offer = IsOdd(OddBidIn, random) ? asking * 9 / 10 : asking + 1 + random.NextInt64(asking / 10);
        var squareFeet = random.Next(400, 10_001);
        return $$"""
            {"bidding_id":{{id}},"listing_id":{{id}},"asking_price":{{Money(asking, random)}},"offer_price":{{Money(offer, random)}},
            "offer_date":"{{Now()}}","property_square_feet":{{squareFeet}},"price_per_square_feet":{{Money(offer / squareFeet, random)}},
            "bid_status":"{{Pick(BidStates, random)}}"}
            """;
    }

    // From 100,000 to 1,099,999 for the numbers 1 to 999,999.
    private static long Price(long id) => 100_000 + id;

    private static bool IsOdd(int oneIn, Random random) => random.Next(oneIn) == 0;

    private static string Money(long whole, Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"{whole}.{random.Next(0, 100):00}");

    private static string Now() => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Pick(string[] values, Random random) => values[random.Next(values.Length)];
}
