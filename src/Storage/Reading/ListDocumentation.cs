namespace Storage.Reading;

/// <summary>What the API document says of a list.</summary>
internal static class ListDocumentation
{
    private const string Paging =
        "Without limit and after the whole list is streamed. With limit (1 to 10,000) it is a page, and the header X-Next-After says what "
        + "to give as after for the next one, also when the page is empty; after takes the place of start_timestamp. X-Complete-Until says up to "
        + "where the list is final, where that is not end_timestamp. X-Table-Rev rises when rows were mended: what was counted by cursor before is to be "
        + "counted anew. 410: the database was restored or reset since the cursor was given, start over.";

    public static RouteHandlerBuilder DescribesList<TRow>(this RouteHandlerBuilder route, string summary) =>
        route
            .WithSummary(summary)
            .WithDescription(Paging)
            .Produces<TRow[]>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
