namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>Where Receiver is.</summary>
    public static readonly Setting<string> ReceiverUrl = new(
        "services:receiver:url",
        SettingKinds.Address(),
        "http://receiver:8080/receiver",
        "Where the gateway and other services reach the Receiver, with its base path. The gateway looks a name up again for every new connection and uses all its addresses; "
            + "so it does for the other services."
    );

    /// <summary>Where Storage is.</summary>
    public static readonly Setting<string> StorageUrl = new(
        "services:storage:url",
        SettingKinds.Address(),
        "http://storage:8090/storage",
        "Where the gateway and other services reach Storage, with its base path."
    );

    /// <summary>Where Processing is.</summary>
    public static readonly Setting<string> ProcessingUrl = new(
        "services:processing:url",
        SettingKinds.Address(),
        "http://processing:8100/processing",
        "Where the gateway and other services reach Processing, with its base path."
    );

    /// <summary>Where the Analyzer is.</summary>
    public static readonly Setting<string> AnalyzerUrl = new(
        "services:analyzer:url",
        SettingKinds.Address(),
        "http://analyzer:8200/analyzer",
        "Where the gateway and other services reach the Analyzer, with its base path."
    );

    /// <summary>Where Consistency is.</summary>
    public static readonly Setting<string> ConsistencyUrl = new(
        "services:consistency:url",
        SettingKinds.Address(),
        "http://consistency_check:8300/consistency_check",
        "Where the gateway and other services reach Consistency, with its base path."
    );

    /// <summary>Where Anomalies is.</summary>
    public static readonly Setting<string> AnomaliesUrl = new(
        "services:anomalies:url",
        SettingKinds.Address(),
        "http://anomaly_detector:8400/anomaly_detector",
        "Where the gateway and other services reach Anomalies, with its base path."
    );

    /// <summary>Where Processing finds listings.</summary>
    public static readonly Setting<string?> ListingsUrl = new(
        "eventstores:site_listings:url",
        SettingKinds.OptionalAddress("/site/listings"),
        null,
        "Where Processing reads listings, when that is not below `services:storage:url`."
    );

    /// <summary>Where Processing finds bids.</summary>
    public static readonly Setting<string?> BidsUrl = new(
        "eventstores:site_bids:url",
        SettingKinds.OptionalAddress("/site/bids"),
        null,
        "Where Processing reads bids, when that is not below `services:storage:url`."
    );
}
