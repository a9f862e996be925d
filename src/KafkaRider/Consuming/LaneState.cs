namespace MassTransit.KafkaIntegration.Consuming;

internal enum LaneState
{
    /// <summary>Waiting for the start offset or for the partition's former lane; records are dropped and will be read again.</summary>
    Starting,

    /// <summary>Records are handled.</summary>
    Active,

    /// <summary>Taken away: what is queued is dropped, what is in flight may finish.</summary>
    Closed,
}
