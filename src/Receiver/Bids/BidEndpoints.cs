using Contracts;

namespace Receiver.Bids;

internal static class BidEndpoints
{
    public static void MapBids(this WebApplication app) =>
        app.MapSubmission<long, BidPosted>(EventCatalog.Bids, "/site/bids", "Post a bid", bid => bid.ListingId);
}
