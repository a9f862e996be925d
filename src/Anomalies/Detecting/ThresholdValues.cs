using ServiceDefaults;

namespace Anomalies.Detecting;

/// <summary>The limits that detectors compare with.</summary>
/// <param name="ListingPrice">A listing is an anomaly when its price is below this.</param>
/// <param name="RunMaxDistance">A run is an anomaly when it is longer than so many metres.</param>
/// <param name="RunMinDuration">A run is an anomaly when it took less than so many seconds.</param>
/// <param name="SongMaxDuration">A song is an anomaly when it is longer than so many seconds.</param>
/// <param name="SongMinDuration">A song is an anomaly when it is shorter than so many seconds.</param>
internal sealed record ThresholdValues(
    decimal ListingPrice,
    double RunMaxDistance,
    double RunMinDuration,
    double SongMaxDuration,
    double SongMinDuration
)
{
    /// <exception cref="SettingException">One of them has a value that it may not have.</exception>
    public static ThresholdValues Read(IConfiguration configuration)
    {
        var values = new ThresholdValues(
            Settings.AnomaliesListingPriceThreshold.Read(configuration),
            Settings.RunMaxDistance.Read(configuration),
            Settings.RunMinDuration.Read(configuration),
            Settings.SongMaxDuration.Read(configuration),
            Settings.SongMinDuration.Read(configuration)
        );
        if (values.SongMinDuration > values.SongMaxDuration)
            throw new SettingException(
                Settings.SongMinDuration.Name,
                $"Setting {Settings.SongMinDuration.Name} is above {Settings.SongMaxDuration.Name}: every song would be an anomaly."
            );
        return values;
    }
}
