using Anomalies.Bids;
using Anomalies.Listings;
using Anomalies.Runs;
using Anomalies.Songs;

namespace Anomalies.Detecting;

/// <summary>Every detector there is.</summary>
internal static class Detectors
{
    public static IReadOnlyList<IDetector> All { get; } =
    [
        new ListingPriceDetector(),
        new OfferDetector(),
        new LongRunDetector(),
        new ShortRunDetector(),
        new LongSongDetector(),
        new ShortSongDetector(),
    ];
}
