using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>Stands for the missing message in the send context of a tombstone.</summary>
internal sealed class Tombstone
{
    public static readonly Tombstone Instance = new();
    public static readonly IAsyncSerializer<Tombstone> Serializer = new NullSerializer();

    private Tombstone() { }

    private sealed class NullSerializer : IAsyncSerializer<Tombstone>
    {
        public Task<byte[]> SerializeAsync(Tombstone data, SerializationContext context) => Task.FromResult<byte[]>(null!);
    }
}
