using System.Net.Mime;
using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Where the serializers of keys and values come from.</summary>
public interface IKafkaSerializerFactory
{
    /// <summary>The media type of the values.</summary>
    ContentType ContentType { get; }

    /// <summary>How a <typeparamref name="T"/> is read.</summary>
    IDeserializer<T> GetDeserializer<T>();

    /// <summary>How a <typeparamref name="T"/> is written.</summary>
    IAsyncSerializer<T> GetSerializer<T>();
}
