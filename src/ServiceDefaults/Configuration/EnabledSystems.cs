using Contracts;

namespace ServiceDefaults;

/// <summary>Which of the two systems have their routes and reply shapes switched on.</summary>
/// <param name="RealEstate">Listings and bids.</param>
/// <param name="Runify">Runs and songs.</param>
public sealed record EnabledSystems(bool RealEstate, bool Runify)
{
    /// <summary>Both systems.</summary>
    public static EnabledSystems Both { get; } = new(true, true);

    /// <summary>Runify alone.</summary>
    public static EnabledSystems RunifyAlone { get; } = new(false, true);

    internal static SettingKind<EnabledSystems> SettingKind { get; } =
        new("RealEstate, Runify or both with a comma between", TryParse, systems => systems.ToString());

    /// <summary>Whether a system is on.</summary>
    public bool Has(EventSystem system) =>
        system switch
        {
            EventSystem.RealEstate => RealEstate,
            EventSystem.Runify => Runify,
            _ => throw new ArgumentOutOfRangeException(nameof(system), system, "There is no such system."),
        };

    /// <summary>Whether the system of a type of event is on, so that clients may post it and see it.</summary>
    public bool Has(EventType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Has(type.System);
    }

    /// <summary>The types of the systems that are on, in the catalog's order.</summary>
    public IEnumerable<EventType> Types => EventCatalog.All.Where(Has);

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
            switch (name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant())
            {
                case "REALESTATE":
                    value = value with { RealEstate = true };
                    break;
                case "RUNIFY":
                    value = value with { Runify = true };
                    break;
                case "BOTH":
                    value = Both;
                    break;
                default:
                    return false;
            }
        }
        return value.RealEstate || value.Runify;
    }
}
