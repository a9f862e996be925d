using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>How a service reaches Kafka, from the settings.</summary>
/// <param name="BootstrapServers">One or more <c>host:port</c>, with commas between.</param>
/// <param name="Topic">The topic of all events.</param>
/// <param name="Partitions">The topic's number of partitions.</param>
/// <param name="GroupProtocol"><c>auto</c>, <c>consumer</c> or <c>classic</c>.</param>
public sealed record KafkaAddress(string BootstrapServers, string Topic, int Partitions, string GroupProtocol)
{
    /// <summary>Reads the settings.</summary>
    public static KafkaAddress Read(IConfiguration configuration) =>
        new(
            Settings.KafkaBootstrapServers.Read(configuration)
                ?? $"{Settings.EventsHostname.Read(configuration)}:{Settings.EventsPort.Read(configuration)}",
            Settings.KafkaTopic.Read(configuration),
            Settings.KafkaPartitions.Read(configuration),
            Settings.KafkaGroupProtocol.Read(configuration)
        );
}
