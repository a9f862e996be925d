using Contracts;
using ServiceDefaults;

namespace Receiver.Bids;

internal static class BidEndpoints
{
    public static void MapBids(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<EnabledSystems>().RealEstate)
            return;
        app.MapPost("/site/bids", Submit).AcceptsJson().DescribesSubmission(EventCatalog.Bids, "Post a bid");
    }

    private static Task<IResult> Submit(HttpRequest request, Submission submission, CancellationToken cancellationToken) =>
        submission.RunAsync(EventCatalog.Bids, request, cancellationToken);
}
