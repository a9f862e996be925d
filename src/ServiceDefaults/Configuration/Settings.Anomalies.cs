using System.Globalization;

namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>Below which price a listing is an anomaly.</summary>
    public static readonly Setting<decimal> AnomaliesListingPriceThreshold = new(
        "Anomalies:ListingPriceThreshold",
        new(
            "a number from 0 to 999999999999999, with a dot before decimals",
            ParsePrice,
            price => price.ToString("0.00", CultureInfo.InvariantCulture)
        ),
        1000.00m,
        "A listing whose price is below this is an anomaly. A change in `appsettings.json` or `/run/secrets` holds for the events that come "
            + "after it, without a restart; a value that is not allowed changes nothing and shows on the health page.",
        null,
        "LISTING_PRICE_THRESHOLD"
    );

    /// <summary>Above which distance a run is an anomaly.</summary>
    public static readonly Setting<double> RunMaxDistance = Threshold(
        "thresholds:running:max_distance",
        42000,
        "A run that goes further than so many metres is a `LongRun`."
    );

    /// <summary>Below which duration a run is an anomaly.</summary>
    public static readonly Setting<double> RunMinDuration = Threshold(
        "thresholds:running:min_duration",
        300,
        "A run that takes less than so many seconds is a `ShortRun`."
    );

    /// <summary>Above which duration a song is an anomaly.</summary>
    public static readonly Setting<double> SongMaxDuration = Threshold(
        "thresholds:music:max_duration",
        900,
        "A song that is longer than so many seconds is a `LongSong`."
    );

    /// <summary>Below which duration a song is an anomaly.</summary>
    public static readonly Setting<double> SongMinDuration = Threshold(
        "thresholds:music:min_duration",
        30,
        "A song that is shorter than so many seconds is a `ShortSong`."
    );

    private static Setting<double> Threshold(string name, double standard, string description) =>
        new(
            name,
            new(
                "a number from 0 to 999999999999999, with a dot before decimals",
                ParseThreshold,
                value => value.ToString(CultureInfo.InvariantCulture)
            ),
            standard,
            $"{description} Changes hold without a restart, like those of `Anomalies:ListingPriceThreshold`."
        );

    private static bool ParseThreshold(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value <= 999_999_999_999_999;

    private static bool ParsePrice(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value <= 999_999_999_999_999m;
}
