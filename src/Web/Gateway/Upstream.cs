using ServiceDefaults;

namespace Web.Gateway;

/// <summary>A service behind the gateway: the path it answers under and the setting that says where it is, for the gateway as for every service.</summary>
internal sealed record Upstream(string Prefix, Setting<string> Setting)
{
    public static readonly Upstream Receiver = new("receiver", Settings.ReceiverUrl);
    public static readonly Upstream Storage = new("storage", Settings.StorageUrl);
    public static readonly Upstream Processing = new("processing", Settings.ProcessingUrl);
    public static readonly Upstream Analyzer = new("analyzer", Settings.AnalyzerUrl);
    public static readonly Upstream Consistency = new("consistency_check", Settings.ConsistencyUrl);
    public static readonly Upstream Anomalies = new("anomaly_detector", Settings.AnomaliesUrl);

    /// <summary>All of them, in the order an event meets them.</summary>
    public static readonly IReadOnlyList<Upstream> All = [Receiver, Storage, Analyzer, Processing, Consistency, Anomalies];

    /// <summary>Where it is, without the base path: the path of every request that is passed on brings it along. It ends in a slash.</summary>
    public Uri Address(IConfiguration settings)
    {
        var url = new Uri(Setting.Read(settings));
        var path = url.AbsolutePath.TrimEnd('/');
        var basePath = $"/{Prefix}";
        return new UriBuilder(url)
        {
            Path = (path.EndsWith(basePath, StringComparison.Ordinal) ? path[..^basePath.Length] : path) + "/",
        }.Uri;
    }
}
