using ServiceDefaults;

namespace Receiver.Batches;

internal static class BatchEndpoints
{
    public static void MapBatches(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<EnabledSystems>().RealEstate)
            return;
        app.MapPost("/site/events", Submit).AcceptsBody(BatchReply.ContentType, mayBeAbsent: true).DescribesBatch();
    }

    private static Task<IResult> Submit(HttpRequest request, BatchSubmission submission, CancellationToken cancellationToken) =>
        submission.RunAsync(request, cancellationToken);
}
