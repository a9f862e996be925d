using Contracts;

namespace Receiver.Listings;

internal static class ListingEndpoints
{
    public static void MapListings(this WebApplication app) =>
        app.MapSubmission<long, ListingPosted>(EventCatalog.Listings, "/site/listings", "Post a listing", listing => listing.ListingId);
}
