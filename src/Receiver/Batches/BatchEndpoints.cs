using ServiceDefaults;

namespace Receiver.Batches;

internal static class BatchEndpoints
{
    // One path for the types of every system that is on.
    public static void MapBatches(this WebApplication app) =>
        app.MapPost("/site/events", Submit).AcceptsBody(BatchReply.ContentType, mayBeAbsent: true).DescribesBatch();

    private static Task<IResult> Submit(HttpRequest request, BatchSubmission submission, CancellationToken cancellationToken) =>
        submission.RunAsync(request, cancellationToken);
}
