using Analyzer.Reading;
using Contracts;

namespace Analyzer.Bids;

internal static class BidEndpoints
{
    public static void MapBids(this IEndpointRouteBuilder routes) => routes.MapSiteRoutes(EventCatalog.Bids, "Bids");
}
