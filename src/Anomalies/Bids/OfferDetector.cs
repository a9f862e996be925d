using System.Globalization;
using Anomalies.Detecting;
using Contracts;

namespace Anomalies.Bids;

/// <summary>Finds bids that offer less than what is asked.</summary>
internal sealed class OfferDetector : IDetector
{
    public string Name => "offer_below_asking";

    public string AnomalyType => "Too Low";

    public EventType Type => EventCatalog.Bids;

    public Finding? Look(EventMessage message, ThresholdValues thresholds)
    {
        var bid = (BidPosted)message;
        return bid.OfferPrice < bid.AskingPrice
            ? new Finding(
                AnomalyType,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Offer price of {bid.OfferPrice:0.00####} is below the asking price of {bid.AskingPrice:0.00####}."
                )
            )
            : null;
    }
}
