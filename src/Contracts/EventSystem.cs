namespace Contracts;

/// <summary>A system that runs on the platform.</summary>
public enum EventSystem
{
    /// <summary>Listings and bids.</summary>
    RealEstate,

    /// <summary>Runs and songs.</summary>
    Runify,
}
