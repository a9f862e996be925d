using Microsoft.AspNetCore.Mvc;
using Storage.Persistence;
using Storage.Reading;

namespace Storage.Songs;

internal static class SongEndpoints
{
    public static void MapSongs(this IEndpointRouteBuilder routes)
    {
        var songs = routes.MapGroup("/stats/music").WithTags("Songs");
        songs
            .MapGet("/", List)
            .DescribesList<SongRow>("Songs stored in [start_timestamp, end_timestamp), both required, in the order they were stored");
        songs.MapGet("/ids", Ids).DescribesList<TextIdRow>("The ids of all stored songs, in the order they were stored");
    }

    private static Task List(
        HttpContext context,
        EventLists lists,
        [FromQuery(Name = "start_timestamp")] string? start,
        [FromQuery(Name = "end_timestamp")] string? end,
        int? limit,
        string? after
    ) => lists.WriteAsync(context, SongRow.Query, ListRequest.ReadWindow(start, end, limit, after));

    private static Task Ids(HttpContext context, EventLists lists, int? limit, string? after) =>
        lists.WriteAsync(context, TextIdRow.Of(EventTableNames.Songs), ListRequest.Read(null, null, limit, after));
}
