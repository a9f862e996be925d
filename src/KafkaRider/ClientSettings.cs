using Confluent.Kafka;

namespace MassTransit.KafkaIntegration;

/// <summary>Merges client settings; what is more specific wins, and nobody's object is changed.</summary>
internal static class ClientSettings
{
    public static ConsumerConfig Consumer(ClientConfig client, ConsumerConfig own) => new(Merge(client, own));

    public static ProducerConfig Producer(ClientConfig client, ProducerConfig own) => new(Merge(client, own));

    /// <summary>The connection settings among a consumer's.</summary>
    public static AdminClientConfig ForAdmin(ConsumerConfig consumer)
    {
        string[] prefixes =
        [
            "bootstrap.",
            "security.",
            "sasl.",
            "ssl.",
            "socket.",
            "broker.",
            "api.",
            "client.",
            "enable.ssl",
            "enable.sasl",
            "test.mock",
        ];
        return new AdminClientConfig(
            consumer
                .Where(setting => prefixes.Any(prefix => setting.Key.StartsWith(prefix, StringComparison.Ordinal)))
                .ToDictionary(setting => setting.Key, setting => setting.Value)
        );
    }

    private static Dictionary<string, string> Merge(ClientConfig client, ClientConfig own)
    {
        var settings = client.ToDictionary(setting => setting.Key, setting => setting.Value);
        foreach (var (key, value) in own)
            settings[key] = value;
        return settings;
    }
}
