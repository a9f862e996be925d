using Storage.Persistence;

namespace Storage.Listings;

/// <summary>A row of <c>listings</c>.</summary>
internal sealed class Listing : StoredEvent
{
    public long ListingId { get; init; }

    public decimal ListingPrice { get; init; }

    /// <summary>When the client says it was listed; null when it did not say.</summary>
    public DateTime? ListingPost { get; init; }

    public required string ListingType { get; init; }

    public required string ListingStatus { get; init; }

    public required string ListingContact { get; init; }

    public long TraceId { get; init; }
}
