using Contracts;
using Microsoft.AspNetCore.Mvc;
using ServiceDefaults;
using Storage.Persistence;
using Storage.Reading;
using Storage.Writing;

namespace Storage.Bids;

internal static class BidEndpoints
{
    public static void MapBids(this IEndpointRouteBuilder routes)
    {
        var bids = routes.MapGroup("/site/bids").WithTags("Bids");
        bids.MapGet("/", List).DescribesList<BidRow>("Bids stored in [start_timestamp, end_timestamp), in the order they were stored");
        bids.MapGet("/ids", Ids).DescribesList<EventIdRow>("The ids of all stored bids, in the order they were stored");
        bids.MapPost("/", Store).AcceptsJson().DescribesDirectWrite();
    }

    private static Task List(
        HttpContext context,
        EventLists lists,
        [FromQuery(Name = "start_timestamp")] string? start,
        [FromQuery(Name = "end_timestamp")] string? end,
        int? limit,
        string? after
    ) => lists.WriteAsync(context, BidRow.Query, ListRequest.Read(start, end, limit, after));

    private static Task Ids(HttpContext context, EventLists lists, int? limit, string? after) =>
        lists.WriteAsync(context, EventIdRow.Of(EventTableNames.Bids), ListRequest.Read(null, null, limit, after));

    private static Task<IResult> Store(HttpContext context, DirectWrites writes) => writes.StoreAsync(context, EventCatalog.Bids);
}
