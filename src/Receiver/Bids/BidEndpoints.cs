using Contracts;
using MassTransit;
using ServiceDefaults;

namespace Receiver.Bids;

internal static class BidEndpoints
{
    public static void MapBids(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<EnabledSystems>().Has(EventCatalog.Bids))
            return;
        app.MapPost("/site/bids", Submit).AcceptsJson().DescribesSubmission(EventCatalog.Bids, "Post a bid");
    }

    private static Task<IResult> Submit(
        HttpRequest request,
        Submission submission,
        ITopicProducer<long, BidPosted> topic,
        CancellationToken cancellationToken
    ) =>
        submission.RunAsync<BidPosted>(
            request,
            (bid, pipe) => topic.Produce(bid.ListingId, bid, pipe, cancellationToken),
            cancellationToken
        );
}
