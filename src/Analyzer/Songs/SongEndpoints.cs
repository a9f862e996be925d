using Analyzer.Reading;
using Contracts;

namespace Analyzer.Songs;

internal static class SongEndpoints
{
    public static void MapSongs(this IEndpointRouteBuilder routes) => routes.MapRunifyRoutes(EventCatalog.MusicInfo, "Songs", "/music");
}
