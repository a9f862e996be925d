using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Observables;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>A topic's producer as the user asked for it; built when the bus is.</summary>
internal sealed partial class KafkaProducerConfigurator<TKey, TValue>(
    string topic,
    ProducerConfig config,
    Action<IKafkaProducerConfigurator<TKey, TValue>>? configure
) : IKafkaProducerConfigurator<TKey, TValue>, ITopicProducerSpecification
    where TValue : class
{
    private readonly ProducerConfig _config = new(new Dictionary<string, string>(config));
    private readonly List<Action<ISendPipeConfigurator>> _sendPipes = [];
    private readonly SendObservable _observers = new();
    private IHeadersSerializer? _headersSerializer;
    private IAsyncSerializer<TKey>? _keySerializer;
    private IAsyncSerializer<TValue>? _valueSerializer;
    private Action<string>? _statistics;

    public string Topic => topic;

    public Type KeyType => typeof(TKey);

    public Type ValueType => typeof(TValue);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _observers.Connect(observer);

    public void ConfigureSend(Action<ISendPipeConfigurator> callback) => _sendPipes.Add(callback);

    public void SetStatisticsHandler(Action<string> handler) => _statistics = handler;

    public void SetHeadersSerializer(IHeadersSerializer serializer) => _headersSerializer = serializer;

    public void SetKeySerializer(IAsyncSerializer<TKey> serializer) => _keySerializer = serializer;

    public void SetValueSerializer(IAsyncSerializer<TValue> serializer) => _valueSerializer = serializer;

    public ITopicProducerCore Build(RiderBuildContext rider, ProducerSharing sharing)
    {
        configure?.Invoke(this);
        var host = rider.BusInstance.HostConfiguration;
        var settings = new TopicProducerSettings<TKey, TValue>(sharing.Outbox)
        {
            Topic = topic,
            KeySerializer = _keySerializer ?? KeySerializer(rider.Serializers),
            ValueSerializer = _valueSerializer ?? rider.Serializers.GetSerializer<TValue>(),
            HeadersSerializer = _headersSerializer ?? rider.HeadersSerializer,
            Native = rider.Producers.Get(
                ProducerDefaults.Complete(ClientSettings.Producer(rider.Client, _config)),
                new ClientCallbacks(_statistics, rider.OAuthBearerTokenRefresh)
            ),
        };
        var send = new SendPipeConfiguration(host.Topology.SendTopology);
        foreach (var pipe in sharing.SendPipes.Concat(_sendPipes))
            pipe(send.Configurator);
        var producer = new TopicProducer<TKey, TValue>(
            settings,
            host,
            send.CreatePipe(),
            new SerializationConfiguration().CreateSerializerCollection()
        );
        producer.ConnectSendObserver(sharing.Observers);
        producer.ConnectSendObserver(_observers);
        return producer;
    }

    // A record without a key needs no serializer for one.
    private static IAsyncSerializer<TKey> KeySerializer(IKafkaSerializerFactory serializers) =>
        typeof(TKey) == typeof(Ignore) || typeof(TKey) == typeof(Null)
            ? (IAsyncSerializer<TKey>)
                (object)(
                    typeof(TKey) == typeof(Null)
                        ? Confluent.Kafka.Serializers.Null.AsAsyncOverSync()
                        : throw new ConfigurationException("Ignore is for reading; a producer's key type is Null or the key's own.")
                )
            : serializers.GetSerializer<TKey>();
}
