namespace Anomalies.Persistence;

/// <summary>The one row of <c>anomaly_head</c>. Whoever numbers anomalies holds its lock, so numbers become visible in their order.</summary>
internal sealed class AnomalyHead
{
    /// <summary>Always 1.</summary>
    public byte Id { get; init; }

    /// <summary>The number that the next anomaly is given.</summary>
    public long NextNo { get; init; }

    /// <summary>Since when the list is given out: the detector had caught up with the topic, or an update was asked for. Null before.</summary>
    public DateTime? OpenSince { get; init; }
}
