using Anomalies.Bids;
using Anomalies.Listings;

namespace Anomalies.Detecting;

/// <summary>Every detector there is.</summary>
internal static class Detectors
{
    public static IReadOnlyList<IDetector> All { get; } = [new ListingPriceDetector(), new OfferDetector()];
}
