using Analyzer.Reading;
using Contracts;

namespace Analyzer.Runs;

internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder routes) => routes.MapRunifyRoutes(EventCatalog.RunningStats, "Runs", "/running");
}
