using ServiceDefaults;

namespace Web.Gateway;

/// <summary>A service behind the gateway: the path it answers under and the setting that says where it is.</summary>
/// <param name="Prefix">The path's first segment, by which the service is also known.</param>
/// <param name="Setting">Where it is.</param>
/// <param name="RunifyPrefix">Runify's name for it, where that is another; a second path with that system on.</param>
internal sealed record Upstream(string Prefix, Setting<Uri> Setting, string? RunifyPrefix = null)
{
    public static readonly Upstream Receiver = new("receiver", Settings.GatewayReceiver);
    public static readonly Upstream Storage = new("storage", Settings.GatewayStorage);
    public static readonly Upstream Processing = new("processing", Settings.GatewayProcessing);
    public static readonly Upstream Analyzer = new("analyzer", Settings.GatewayAnalyzer);
    public static readonly Upstream Consistency = new("consistency_check", Settings.GatewayConsistency, "check");
    public static readonly Upstream Anomalies = new("anomaly_detector", Settings.GatewayAnomalies, "anomaly");

    /// <summary>All of them, in the order an event meets them.</summary>
    public static readonly IReadOnlyList<Upstream> All = [Receiver, Storage, Analyzer, Processing, Consistency, Anomalies];
}
