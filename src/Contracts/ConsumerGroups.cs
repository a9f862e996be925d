namespace Contracts;

/// <summary>The consumer groups of the product's readers.</summary>
public static class ConsumerGroups
{
    /// <summary>Storage: the topic into the tables.</summary>
    public const string Storage = "event_group";

    /// <summary>Analyzer: the topic into the index.</summary>
    public const string Analyzer = "analyzer_group";

    /// <summary>Anomalies: the topic through the detectors.</summary>
    public const string Anomalies = "anomaly_detector_group";
}
