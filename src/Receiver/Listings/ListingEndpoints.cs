using Contracts;
using ServiceDefaults;

namespace Receiver.Listings;

internal static class ListingEndpoints
{
    public static void MapListings(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<EnabledSystems>().RealEstate)
            return;
        app.MapPost("/site/listings", Submit).AcceptsJson().DescribesSubmission(EventCatalog.Listings, "Post a listing");
    }

    private static Task<IResult> Submit(HttpRequest request, Submission submission, CancellationToken cancellationToken) =>
        submission.RunAsync(EventCatalog.Listings, request, cancellationToken);
}
