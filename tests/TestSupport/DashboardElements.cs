namespace TestSupport;

/// <summary>The ids that the contract gives to elements of the dashboard's page.</summary>
public static class DashboardElements
{
    /// <summary>Section 13 of the real-estate contract.</summary>
    public static IReadOnlyList<string> RealEstate { get; } =
    [
        "last-updated-value",
        "processing-stats",
        "analyzer-stats",
        "event-listings",
        "event-bids",
        "index",
        "consistency-results",
        "missing-db",
        "missing-queue",
        "run-check",
        "consistency-form",
        "messages",
    ];
}
