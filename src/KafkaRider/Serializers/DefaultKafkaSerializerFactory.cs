using System.Net.Mime;
using Confluent.Kafka;
using MassTransit.Serialization;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Kafka's own form for simple types, bare JSON for everything else.</summary>
public sealed class DefaultKafkaSerializerFactory : IKafkaSerializerFactory
{
    private static readonly Dictionary<Type, object> Deserializers = new()
    {
        [typeof(Null)] = Confluent.Kafka.Deserializers.Null,
        [typeof(Ignore)] = Confluent.Kafka.Deserializers.Ignore,
        [typeof(int)] = Confluent.Kafka.Deserializers.Int32,
        [typeof(long)] = Confluent.Kafka.Deserializers.Int64,
        [typeof(string)] = Confluent.Kafka.Deserializers.Utf8,
        [typeof(float)] = Confluent.Kafka.Deserializers.Single,
        [typeof(double)] = Confluent.Kafka.Deserializers.Double,
        [typeof(byte[])] = Confluent.Kafka.Deserializers.ByteArray,
    };

    private static readonly Dictionary<Type, object> Serializers = new()
    {
        [typeof(Null)] = Confluent.Kafka.Serializers.Null.AsAsyncOverSync(),
        [typeof(int)] = Confluent.Kafka.Serializers.Int32.AsAsyncOverSync(),
        [typeof(long)] = Confluent.Kafka.Serializers.Int64.AsAsyncOverSync(),
        [typeof(string)] = Confluent.Kafka.Serializers.Utf8.AsAsyncOverSync(),
        [typeof(float)] = Confluent.Kafka.Serializers.Single.AsAsyncOverSync(),
        [typeof(double)] = Confluent.Kafka.Serializers.Double.AsAsyncOverSync(),
        [typeof(byte[])] = Confluent.Kafka.Serializers.ByteArray.AsAsyncOverSync(),
    };

    /// <inheritdoc />
    public ContentType ContentType => SystemTextJsonRawMessageSerializer.JsonContentType;

    /// <inheritdoc />
    public IDeserializer<T> GetDeserializer<T>() =>
        Deserializers.TryGetValue(typeof(T), out var known) ? (IDeserializer<T>)known : new MassTransitJsonDeserializer<T>();

    /// <inheritdoc />
    public IAsyncSerializer<T> GetSerializer<T>() =>
        Serializers.TryGetValue(typeof(T), out var known) ? (IAsyncSerializer<T>)known : new MassTransitAsyncJsonSerializer<T>();
}
