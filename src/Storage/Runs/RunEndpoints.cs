using Microsoft.AspNetCore.Mvc;
using Storage.Persistence;
using Storage.Reading;

namespace Storage.Runs;

internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/stats/running").WithTags("Runs");
        runs.MapGet("/", List)
            .DescribesList<RunRow>("Runs stored in [start_timestamp, end_timestamp), both required, in the order they were stored");
        runs.MapGet("/ids", Ids).DescribesList<TextIdRow>("The ids of all stored runs, in the order they were stored");
    }

    private static Task List(
        HttpContext context,
        EventLists lists,
        [FromQuery(Name = "start_timestamp")] string? start,
        [FromQuery(Name = "end_timestamp")] string? end,
        int? limit,
        string? after
    ) => lists.WriteAsync(context, RunRow.Query, ListRequest.ReadWindow(start, end, limit, after));

    private static Task Ids(HttpContext context, EventLists lists, int? limit, string? after) =>
        lists.WriteAsync(context, TextIdRow.Of(EventTableNames.Runs), ListRequest.Read(null, null, limit, after));
}
