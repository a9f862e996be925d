using Confluent.Kafka;
using MassTransit.Kafka.Extensions;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit;

/// <summary>Configures the rider: its cluster, its topic endpoints and what all of its producers share. Nothing is read before the bus is built, so the order of calls does not matter.</summary>
public interface IKafkaFactoryConfigurator : IRiderFactoryConfigurator, ISendObserverConnector, ISendPipelineConfigurator
{
    /// <summary>Acknowledgements a produce request waits for. Default: all.</summary>
    Acks? Acks { set; }

    /// <summary>The client id sent to the brokers. Default: rdkafka.</summary>
    string? ClientId { set; }

    /// <summary>Largest request message, in bytes. Default: 1,000,000.</summary>
    int? MessageMaxBytes { set; }

    /// <summary>Largest message, in bytes, that is copied instead of referenced. Default: 65,535.</summary>
    int? MessageCopyMaxBytes { set; }

    /// <summary>Largest response message, in bytes. Default: 100,000,000.</summary>
    int? ReceiveMessageMaxBytes { set; }

    /// <summary>Requests in flight per connection. Default: 1,000,000; at most 5 with idempotence.</summary>
    int? MaxInFlight { set; }

    /// <summary>How often metadata is refreshed. Default: 5 minutes.</summary>
    TimeSpan? TopicMetadataRefreshInterval { set; }

    /// <summary>How long metadata is trusted. Default: 15 minutes.</summary>
    TimeSpan? MetadataMaxAge { set; }

    /// <summary>First refresh after a topic lost its leader. Default: 100 ms.</summary>
    TimeSpan? TopicMetadataRefreshFastInterval { set; }

    /// <summary>Ask only for the topics in use. Default: true.</summary>
    bool? TopicMetadataRefreshSparse { set; }

    /// <summary>Regular expressions, separated by commas, of topics to ignore. Default: none.</summary>
    string? TopicBlacklist { set; }

    /// <summary>Debug contexts of the native client, separated by commas. Default: none.</summary>
    string? Debug { set; }

    /// <summary>How long a resolved broker address is kept. Default: 1 s.</summary>
    TimeSpan? BrokerAddressTtl { set; }

    /// <summary>Which address families may be used. Default: any.</summary>
    BrokerAddressFamily? BrokerAddressFamily { set; }

    /// <summary>First wait before a reconnect. Default: 100 ms.</summary>
    TimeSpan? ReconnectBackoff { set; }

    /// <summary>Longest wait before a reconnect. Default: 10 s.</summary>
    TimeSpan? ReconnectBackoffMax { set; }

    /// <summary>How often the native client reports statistics. Default: 2 s; health is read from them.</summary>
    TimeSpan? StatisticsInterval { set; }

    /// <summary>Hand the native log over through the poll queue. Default: false.</summary>
    bool? LogQueue { set; }

    /// <summary>Name the native thread in log lines. Default: true.</summary>
    bool? LogThreadName { set; }

    /// <summary>Log closed connections. Default: true.</summary>
    bool? LogConnectionClose { set; }

    /// <summary>Signal that ends native threads quickly. Default: none.</summary>
    int? InternalTerminationSignal { set; }

    /// <summary>Protocol spoken with the brokers. Default: plaintext.</summary>
    SecurityProtocol? SecurityProtocol { set; }

    /// <summary>Native plugins to load, separated by semicolons. Default: none.</summary>
    string? PluginLibraryPaths { set; }

    /// <summary>The rack this client is in. Default: none.</summary>
    string? ClientRack { set; }

    /// <summary>Sets the brokers to start from, each <c>host:port</c>. May be called once.</summary>
    void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure = null);

    /// <summary>Called when the brokers want a new OAUTHBEARER token, with the client and the configured text.</summary>
    void OAuthBearerTokenRefreshHandler(Action<IClient, string> handler);

    /// <summary>Configures how API versions are found out.</summary>
    void ConfigureApi(Action<IKafkaApiConfigurator> configure);

    /// <summary>Configures the sockets.</summary>
    void ConfigureSocket(Action<IKafkaSocketConfigurator> configure);

    /// <summary>Consumes a topic as a member of a consumer group. A topic that begins with <c>^</c> is a regular expression.</summary>
    void TopicEndpoint<TKey, TValue>(
        string topicName,
        string groupId,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class;

    /// <summary>Consumes a topic with the given settings. The settings are copied; <c>GroupId</c> is required.</summary>
    void TopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class;

    /// <summary>Sets how headers are read at every endpoint that does not say otherwise.</summary>
    void SetHeadersDeserializer(IHeadersDeserializer deserializer);

    /// <summary>Sets how headers are written by every producer that does not say otherwise.</summary>
    void SetHeadersSerializer(IHeadersSerializer serializer);

    /// <summary>Sets where serializers and deserializers come from when an endpoint or producer does not name one.</summary>
    void SetSerializationFactory(IKafkaSerializerFactory factory);

    /// <summary>
    /// Sends what producers produce to an outbox instead of Kafka: the send pipe and the serializers have run, and <c>Produce</c>
    /// completes when the outbox has the record. The factory is called once, when the first record is produced.
    /// </summary>
    void UseOutbox(Func<IRiderRegistrationContext, ITopicOutbox> outbox);

    /// <summary>
    /// How long the start of the bus waits for the topic endpoints. After it the bus is up all the same, a warning names the
    /// endpoints that wait, their health is Unhealthy, and they join by themselves when Kafka answers. Default: 10 s.
    /// </summary>
    TimeSpan StartTimeout { set; }
}
