using System.Text.Json.Serialization;
using Storage.Persistence;
using Storage.Reading;

namespace Storage.Listings;

/// <summary>A stored listing as clients see it.</summary>
internal sealed record ListingRow
{
    [JsonPropertyName("listing_id")]
    public required long ListingId { get; init; }

    [JsonPropertyName("listing_price")]
    public required decimal ListingPrice { get; init; }

    /// <summary>What the client said, else when it was stored.</summary>
    [JsonPropertyName("listing_post"), JsonConverter(typeof(SecondsConverter))]
    public required DateTime ListingPost { get; init; }

    [JsonPropertyName("listing_type")]
    public required string ListingType { get; init; }

    [JsonPropertyName("listing_status")]
    public required string ListingStatus { get; init; }

    [JsonPropertyName("listing_contact")]
    public required string ListingContact { get; init; }

    [JsonPropertyName("trace_id")]
    public required long TraceId { get; init; }

    public static EventQuery<ListingRow> Query { get; } =
        new(
            EventTableNames.Listings,
            "listing_id, listing_price, COALESCE(listing_post, ingested_at), listing_type, listing_status, listing_contact, trace_id",
            row => new ListingRow
            {
                ListingId = row.GetInt64(0),
                ListingPrice = row.GetDecimal(1),
                ListingPost = row.GetDateTime(2),
                ListingType = row.GetString(3),
                ListingStatus = row.GetString(4),
                ListingContact = row.GetString(5),
                TraceId = row.GetInt64(6),
            },
            RowJson.Default.ListingRow
        );
}
