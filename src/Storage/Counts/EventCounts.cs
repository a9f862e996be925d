using System.Text.Json.Serialization;

namespace Storage.Counts;

/// <summary>How many events of each type are stored.</summary>
internal sealed record EventCounts([property: JsonPropertyName("listings")] long Listings, [property: JsonPropertyName("bids")] long Bids);
