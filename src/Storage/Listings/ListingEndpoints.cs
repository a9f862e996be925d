using Contracts;
using Microsoft.AspNetCore.Mvc;
using ServiceDefaults;
using Storage.Persistence;
using Storage.Reading;
using Storage.Writing;

namespace Storage.Listings;

internal static class ListingEndpoints
{
    public static void MapListings(this IEndpointRouteBuilder routes)
    {
        var listings = routes.MapGroup("/site/listings").WithTags("Listings");
        listings
            .MapGet("/", List)
            .DescribesList<ListingRow>("Listings stored in [start_timestamp, end_timestamp), in the order they were stored");
        listings.MapGet("/ids", Ids).DescribesList<EventIdRow>("The ids of all stored listings, in the order they were stored");
        listings.MapPost("/", Store).AcceptsJson().DescribesDirectWrite();
    }

    private static Task List(
        HttpContext context,
        EventLists lists,
        [FromQuery(Name = "start_timestamp")] string? start,
        [FromQuery(Name = "end_timestamp")] string? end,
        int? limit,
        string? after
    ) => lists.WriteAsync(context, ListingRow.Query, ListRequest.Read(start, end, limit, after));

    private static Task Ids(HttpContext context, EventLists lists, int? limit, string? after) =>
        lists.WriteAsync(context, EventIdRow.Of(EventTableNames.Listings), ListRequest.Read(null, null, limit, after));

    private static Task<IResult> Store(HttpContext context, DirectWrites writes) => writes.StoreAsync(context, EventCatalog.Listings);
}
