namespace MassTransit.KafkaIntegration;

/// <summary>Computes a record's key from its send context, after the caller's pipe and before the send filters.</summary>
public delegate TKey KafkaKeyResolver<out TKey, TValue>(KafkaSendContext<TValue> context)
    where TValue : class;
