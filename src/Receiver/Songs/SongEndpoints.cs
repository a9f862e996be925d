using Contracts;

namespace Receiver.Songs;

internal static class SongEndpoints
{
    public static void MapSongs(this WebApplication app) =>
        app.MapSubmission<string, SongPosted>(EventCatalog.MusicInfo, "/stats/music", "Post a song", EventCatalog.MusicInfo.Key);
}
