namespace MassTransit.Kafka.Extensions;

/// <summary>What becomes of a message, or batch, whose handling failed after all retries of its pipe.</summary>
public enum FailurePolicy
{
    /// <summary>Logged, counted and passed over. A failed batch is halved until the failing record stands alone.</summary>
    Discard = 0,

    /// <summary>
    /// Written byte for byte to the error topic with <c>MT-Fault-*</c> headers; its offset is done when the error topic acknowledged it.
    /// A failed batch is halved until the failing record stands alone.
    /// </summary>
    ErrorTopic = 1,

    /// <summary>Tried again with back-off until it succeeds or the partition is taken away; only that partition waits.</summary>
    HoldPartition = 2,
}
