using Analyzer.Reading;
using Contracts;

namespace Analyzer.Listings;

internal static class ListingEndpoints
{
    public static void MapListings(this IEndpointRouteBuilder routes) => routes.MapSiteRoutes(EventCatalog.Listings, "Listings");
}
