namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>Where the gateway finds the Receiver.</summary>
    public static readonly Setting<Uri> GatewayReceiver = Upstream("Receiver", "receiver", "http://receiver:8080");

    /// <summary>Where the gateway finds Storage.</summary>
    public static readonly Setting<Uri> GatewayStorage = Upstream("Storage", "storage", "http://storage:8090");

    /// <summary>Where the gateway finds Processing.</summary>
    public static readonly Setting<Uri> GatewayProcessing = Upstream("Processing", "processing", "http://processing:8100");

    /// <summary>Where the gateway finds the Analyzer.</summary>
    public static readonly Setting<Uri> GatewayAnalyzer = Upstream("Analyzer", "analyzer", "http://analyzer:8200");

    /// <summary>Where the gateway finds Consistency.</summary>
    public static readonly Setting<Uri> GatewayConsistency = Upstream("Consistency", "consistency_check", "http://consistency_check:8300");

    /// <summary>Where the gateway finds Anomalies.</summary>
    public static readonly Setting<Uri> GatewayAnomalies = Upstream("Anomalies", "anomaly_detector", "http://anomaly_detector:8400");

    /// <summary>How long the gateway waits for a sign of life in a reply.</summary>
    public static readonly Setting<TimeSpan> GatewayReplyTimeout = new(
        "Gateway:ReplyTimeout",
        SettingKinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        TimeSpan.FromSeconds(100),
        "How long a service may send nothing while the gateway waits for its reply; then the answer is 504."
    );

    /// <summary>Ports of services at the gateway.</summary>
    public static readonly Setting<IReadOnlyList<ServicePort>> GatewayServicePorts = new(
        "Gateway:ServicePorts",
        ServicePort.SettingKind,
        [],
        "Further ports of the gateway, each standing for one of a service, such as `8080=receiver,8110=analyzer:8110`: what comes in there is passed on to one of its replicas, path unchanged, "
            + "and what the gateway keeps closed is closed there too."
    );

    private static Setting<Uri> Upstream(string service, string prefix, string standard) =>
        new(
            $"Gateway:{service}",
            new("an http address without a path, such as http://host:8080", ParseUpstream, url => url.GetLeftPart(UriPartial.Authority)),
            new Uri(standard),
            $"Where the gateway finds what answers under `/{prefix}`. A name is looked up again for every new connection, and all its addresses are used."
        );

    private static bool ParseUpstream(string text, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Uri value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value)
        && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps)
        && value.PathAndQuery == "/"
        && value.UserInfo.Length == 0;
}
