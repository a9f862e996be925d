namespace ServiceDefaults;

/// <summary>Which of the two systems have their routes and reply shapes switched on.</summary>
/// <param name="RealEstate">Listings and bids.</param>
/// <param name="Runify">Runs and songs.</param>
public sealed record EnabledSystems(bool RealEstate, bool Runify)
{
    /// <summary>Both systems.</summary>
    public static EnabledSystems Both { get; } = new(true, true);

    internal static SettingKind<EnabledSystems> SettingKind { get; } =
        new("RealEstate, Runify or both with a comma between", TryParse, systems => systems.ToString());

    /// <summary>As the setting writes it.</summary>
    public override string ToString() =>
        (RealEstate, Runify) switch
        {
            (true, false) => "RealEstate",
            (false, true) => "Runify",
            _ => "RealEstate,Runify",
        };

    private static bool TryParse(string text, out EnabledSystems value)
    {
        value = new EnabledSystems(false, false);
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (name.Equals("RealEstate", StringComparison.OrdinalIgnoreCase))
                value = value with { RealEstate = true };
            else if (name.Equals("Runify", StringComparison.OrdinalIgnoreCase))
                value = value with { Runify = true };
            else if (name.Equals("both", StringComparison.OrdinalIgnoreCase))
                value = Both;
            else
                return false;
        }
        return value.RealEstate || value.Runify;
    }
}
