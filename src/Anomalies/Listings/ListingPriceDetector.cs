using System.Globalization;
using Anomalies.Detecting;
using Contracts;

namespace Anomalies.Listings;

/// <summary>Finds listings that are cheaper than a listing should be.</summary>
internal sealed class ListingPriceDetector : IDetector
{
    public string Name => "listing_price_too_low";

    public string AnomalyType => "Too Low";

    public EventType Type => EventCatalog.Listings;

    public Finding? Look(EventMessage message, ThresholdValues thresholds)
    {
        var price = ((ListingPosted)message).ListingPrice;
        return price < thresholds.ListingPrice
            ? new Finding(
                AnomalyType,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Listing price of {price:0.00####} is below the threshold of {thresholds.ListingPrice:0.00####}."
                )
            )
            : null;
    }
}
