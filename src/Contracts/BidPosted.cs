using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Contracts;

/// <summary>
/// The Receiver accepted a bid on a listing, which may not have been seen yet. Keyed by <see cref="ListingId"/>, so that a listing and
/// its bids stay in order.
/// </summary>
public sealed record BidPosted : EventMessage
{
    /// <summary>The bid's number, chosen by the client.</summary>
    [JsonPropertyName("bidding_id")]
    public required long BiddingId { get; init; }

    /// <summary>The listing the bid is for.</summary>
    [JsonPropertyName("listing_id")]
    public required long ListingId { get; init; }

    /// <summary>The price the seller asks.</summary>
    [JsonPropertyName("asking_price"), Range(0, FieldLimits.Number)]
    public required decimal AskingPrice { get; init; }

    /// <summary>The price the bidder offers.</summary>
    [JsonPropertyName("offer_price"), Range(0, FieldLimits.Number)]
    public required decimal OfferPrice { get; init; }

    /// <summary>When the client says the offer was made, UTC; null when it did not say.</summary>
    [JsonPropertyName("offer_date")]
    public DateTimeOffset? OfferDate { get; init; }

    /// <summary>The property's size in square feet.</summary>
    [JsonPropertyName("property_square_feet")]
    public required long PropertySquareFeet { get; init; }

    /// <summary>The price of one square foot.</summary>
    [JsonPropertyName("price_per_square_feet"), Range(0, FieldLimits.Number)]
    public required decimal PricePerSquareFeet { get; init; }

    /// <summary><c>APPROVED</c> or <c>REJECTED</c>.</summary>
    [JsonPropertyName("bid_status"), AllowedValues("APPROVED", "REJECTED")]
    public required string BidStatus { get; init; }

    /// <summary>The event's identity, 19 digits, given by the Receiver.</summary>
    [JsonPropertyName("trace_id")]
    public required long TraceId { get; init; }

    /// <inheritdoc/>
    public override string Identity => TraceId.ToString(CultureInfo.InvariantCulture);
}
