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

    private static bool ParsePrice(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value <= 999_999_999_999_999m;
}
