using Contracts;
using MassTransit;
using ServiceDefaults;

namespace Receiver.Listings;

internal static class ListingEndpoints
{
    public static void MapListings(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<EnabledSystems>().Has(EventCatalog.Listings))
            return;
        app.MapPost("/site/listings", Submit).AcceptsJson().DescribesSubmission(EventCatalog.Listings, "Post a listing");
    }

    private static Task<IResult> Submit(
        HttpRequest request,
        Submission submission,
        ITopicProducer<long, ListingPosted> topic,
        CancellationToken cancellationToken
    ) =>
        submission.RunAsync<ListingPosted>(
            request,
            (listing, pipe) => topic.Produce(listing.ListingId, listing, pipe, cancellationToken),
            cancellationToken
        );
}
