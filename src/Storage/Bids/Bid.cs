using Storage.Persistence;

namespace Storage.Bids;

/// <summary>A row of <c>bids</c>. Its listing need not be there: a bid may come before it.</summary>
internal sealed class Bid : StoredEvent
{
    public long BiddingId { get; init; }

    public long ListingId { get; init; }

    public decimal AskingPrice { get; init; }

    public decimal OfferPrice { get; init; }

    /// <summary>When the client says the offer was made; null when it did not say.</summary>
    public DateTime? OfferDate { get; init; }

    public long PropertySquareFeet { get; init; }

    public decimal PricePerSquareFeet { get; init; }

    public required string BidStatus { get; init; }

    public long TraceId { get; init; }
}
