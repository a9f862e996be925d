namespace MassTransit.Kafka.Extensions;

/// <summary>What became of one item of a batch.</summary>
/// <param name="Exception">Why the item was not produced; null when it was.</param>
public readonly record struct ProduceResult(Exception? Exception)
{
    /// <summary>True when Kafka, or the outbox, has the record.</summary>
    public bool IsProduced => Exception is null;
}
