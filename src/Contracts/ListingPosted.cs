using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Contracts;

/// <summary>
/// The Receiver accepted a listing: a property is for sale or its sale came further. Keyed by <see cref="ListingId"/>, so that a
/// listing and its bids stay in order. The same listing is announced again when its status changes.
/// </summary>
public sealed record ListingPosted : EventMessage
{
    /// <summary>The listing's number, chosen by the client.</summary>
    [JsonPropertyName("listing_id")]
    public required long ListingId { get; init; }

    /// <summary>The price asked for.</summary>
    [JsonPropertyName("listing_price"), Range(0, FieldLimits.Number)]
    public required decimal ListingPrice { get; init; }

    /// <summary>When the client says it was listed, UTC; null when it did not say.</summary>
    [JsonPropertyName("listing_post")]
    public DateTimeOffset? ListingPost { get; init; }

    /// <summary>The kind of property, free text such as <c>Condo</c>.</summary>
    [JsonPropertyName("listing_type"), MaxLength(50)]
    public required string ListingType { get; init; }

    /// <summary><c>SOLD</c>, <c>OFFER_PENDING</c> or <c>AVAILABLE</c>.</summary>
    [JsonPropertyName("listing_status"), AllowedValues("SOLD", "OFFER_PENDING", "AVAILABLE")]
    public required string ListingStatus { get; init; }

    /// <summary>The seller's e-mail address.</summary>
    [JsonPropertyName("listing_contact"), MaxLength(254), EmailAddress]
    public required string ListingContact { get; init; }

    /// <summary>The event's identity, 19 digits, given by the Receiver.</summary>
    [JsonPropertyName("trace_id")]
    public required long TraceId { get; init; }

    /// <inheritdoc/>
    public override string Identity => TraceId.ToString(CultureInfo.InvariantCulture);
}
