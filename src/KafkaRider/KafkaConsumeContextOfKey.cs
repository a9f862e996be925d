namespace MassTransit;

/// <summary>Where a consumed record stands, with its key.</summary>
public interface KafkaConsumeContext<out TKey> : KafkaConsumeContext
{
    /// <summary>The key, read at first use.</summary>
    TKey Key { get; }
}
