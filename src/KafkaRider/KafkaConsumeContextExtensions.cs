namespace MassTransit;

/// <summary>What a consumer can ask about its record's place.</summary>
public static class KafkaConsumeContextExtensions
{
    /// <summary>The partition; null outside a topic endpoint.</summary>
    public static int? Partition(this ConsumeContext context) => Find(context)?.Partition;

    /// <summary>The offset; null outside a topic endpoint.</summary>
    public static long? Offset(this ConsumeContext context) => Find(context)?.Offset;

    /// <summary>True when the record was the partition's last as far as the client knows.</summary>
    public static bool IsPartitionEof(this ConsumeContext context) => Find(context)?.IsPartitionEof ?? false;

    /// <summary>The record's key.</summary>
    /// <exception cref="PayloadNotFoundException">The endpoint's key is of another type.</exception>
    public static TKey GetKey<TKey>(this ConsumeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.GetPayload<KafkaConsumeContext<TKey>>().Key;
    }

    private static KafkaConsumeContext? Find(ConsumeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TryGetPayload<KafkaConsumeContext>(out var kafka) ? kafka : null;
    }
}
