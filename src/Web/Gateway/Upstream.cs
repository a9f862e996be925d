using ServiceDefaults;

namespace Web.Gateway;

/// <summary>A service behind the gateway: the path it answers under and the setting that says where it is.</summary>
internal sealed record Upstream(string Prefix, Setting<Uri> Setting)
{
    public static readonly Upstream Receiver = new("receiver", Settings.GatewayReceiver);
    public static readonly Upstream Storage = new("storage", Settings.GatewayStorage);
    public static readonly Upstream Processing = new("processing", Settings.GatewayProcessing);
    public static readonly Upstream Analyzer = new("analyzer", Settings.GatewayAnalyzer);
    public static readonly Upstream Consistency = new("consistency_check", Settings.GatewayConsistency);
    public static readonly Upstream Anomalies = new("anomaly_detector", Settings.GatewayAnomalies);

    /// <summary>All of them, in the order an event meets them.</summary>
    public static readonly IReadOnlyList<Upstream> All = [Receiver, Storage, Analyzer, Processing, Consistency, Anomalies];
}
