using ServiceDefaults;

namespace Anomalies.Detecting;

/// <summary>The limits that detectors compare with.</summary>
/// <param name="ListingPrice">A listing is an anomaly when its price is below this.</param>
internal sealed record ThresholdValues(decimal ListingPrice)
{
    /// <exception cref="SettingException">One of them has a value that it may not have.</exception>
    public static ThresholdValues Read(IConfiguration configuration) => new(Settings.AnomaliesListingPriceThreshold.Read(configuration));
}
