using System.Text.Json.Serialization;
using Storage.Persistence;
using Storage.Reading;

namespace Storage.Bids;

/// <summary>A stored bid as clients see it.</summary>
internal sealed record BidRow
{
    [JsonPropertyName("bidding_id")]
    public required long BiddingId { get; init; }

    [JsonPropertyName("listing_id")]
    public required long ListingId { get; init; }

    [JsonPropertyName("asking_price")]
    public required decimal AskingPrice { get; init; }

    [JsonPropertyName("offer_price")]
    public required decimal OfferPrice { get; init; }

    /// <summary>What the client said, else when it was stored.</summary>
    [JsonPropertyName("offer_date"), JsonConverter(typeof(SecondsConverter))]
    public required DateTime OfferDate { get; init; }

    [JsonPropertyName("property_square_feet")]
    public required long PropertySquareFeet { get; init; }

    [JsonPropertyName("price_per_square_feet")]
    public required decimal PricePerSquareFeet { get; init; }

    [JsonPropertyName("bid_status")]
    public required string BidStatus { get; init; }

    [JsonPropertyName("trace_id")]
    public required long TraceId { get; init; }

    public static EventQuery<BidRow> Query { get; } =
        new(
            EventTableNames.Bids,
            """
            bidding_id, listing_id, asking_price, offer_price, COALESCE(offer_date, ingested_at), property_square_feet,
            price_per_square_feet, bid_status, trace_id
            """,
            row => new BidRow
            {
                BiddingId = row.GetInt64(0),
                ListingId = row.GetInt64(1),
                AskingPrice = row.GetDecimal(2),
                OfferPrice = row.GetDecimal(3),
                OfferDate = row.GetDateTime(4),
                PropertySquareFeet = row.GetInt64(5),
                PricePerSquareFeet = row.GetDecimal(6),
                BidStatus = row.GetString(7),
                TraceId = row.GetInt64(8),
            },
            RowJson.Default.BidRow
        );
}
