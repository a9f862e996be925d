using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.Kafka.Extensions;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Observables;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>Collects what the user says; everything is read when the bus is built.</summary>
internal sealed partial class KafkaFactoryConfigurator(ClientConfig client, RiderSlot slot)
    : IKafkaFactoryConfigurator,
        IBusInstanceSpecification
{
    private readonly ClientConfig _client = new(new Dictionary<string, string>(client));
    private readonly Dictionary<string, ITopicEndpointSpecification> _endpoints = [];
    private readonly Dictionary<(string Topic, Type Key, Type Value), ITopicProducerSpecification> _producers = [];
    private readonly List<Action<ISendPipeConfigurator>> _sendPipes = [];
    private readonly ReceiveEndpointObservable _endpointObservers = new();
    private readonly SendObservable _sendObservers = new();
    private bool _isHostSet;
    private IHeadersDeserializer? _headersDeserializer;
    private IHeadersSerializer _headersSerializer = DictionaryHeadersSerialize.Serializer;
    private IKafkaSerializerFactory _serializers = new DefaultKafkaSerializerFactory();
    private Action<IClient, string>? _refresh;
    private Func<IRiderRegistrationContext, ITopicOutbox>? _outbox;
    private TimeSpan _startTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Set before the specification is used.</summary>
    public IRiderRegistrationContext? Registration { get; set; }

    public TimeSpan StartTimeout
    {
        set => _startTimeout = value;
    }

    public void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure)
    {
        ArgumentNullException.ThrowIfNull(servers);
        if (_isHostSet)
            throw new ConfigurationException("The Kafka host was already configured.");
        _isHostSet = true;
        _client.BootstrapServers = string.Join(',', servers);
        configure?.Invoke(new KafkaHostConfigurator(_client));
    }

    public void OAuthBearerTokenRefreshHandler(Action<IClient, string> handler) => _refresh = handler;

    public void ConfigureApi(Action<IKafkaApiConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new KafkaApiConfigurator(_client));
    }

    public void ConfigureSocket(Action<IKafkaSocketConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new KafkaSocketConfigurator(_client));
    }

    public void TopicEndpoint<TKey, TValue>(
        string topicName,
        string groupId,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        TopicEndpoint(topicName, new ConsumerConfig { GroupId = groupId }, configure);
    }

    public void TopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        var specification = Endpoint(topicName, consumerConfig, configure);
        if (!_endpoints.TryAdd(specification.Name, specification))
            throw new ConfigurationException($"The topic endpoint {specification.Name} was already added.");
    }

    public static ITopicEndpointSpecification Endpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topicName);
        ArgumentNullException.ThrowIfNull(consumerConfig);
        ArgumentNullException.ThrowIfNull(configure);
        if (string.IsNullOrWhiteSpace(consumerConfig.GroupId))
            throw new ArgumentException("GroupId is required.", nameof(consumerConfig));
        return new TopicEndpointSpecification<TKey, TValue>(topicName, consumerConfig, configure);
    }

    public void Producer(ITopicProducerSpecification specification)
    {
        // Several types may share a topic, each with a producer of its own.
        if (!_producers.TryAdd((specification.Topic, specification.KeyType, specification.ValueType), specification))
            throw new ConfigurationException(
                $"A producer of <{specification.KeyType.Name}, {specification.ValueType.Name}> for topic {specification.Topic} was already added."
            );
    }

    public void SetHeadersDeserializer(IHeadersDeserializer deserializer) => _headersDeserializer = deserializer;

    public void SetHeadersSerializer(IHeadersSerializer serializer) => _headersSerializer = serializer;

    public void SetSerializationFactory(IKafkaSerializerFactory factory) => _serializers = factory;

    public void UseOutbox(Func<IRiderRegistrationContext, ITopicOutbox> outbox) => _outbox = outbox;

    public ConnectHandle ConnectReceiveEndpointObserver(IReceiveEndpointObserver observer) => _endpointObservers.Connect(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _sendObservers.Connect(observer);

    public void ConfigureSend(Action<ISendPipeConfigurator> callback) => _sendPipes.Add(callback);

    public IEnumerable<ValidationResult> Validate()
    {
        if (string.IsNullOrWhiteSpace(_client.BootstrapServers) && !_client.Any(setting => setting.Key == "test.mock.num.brokers"))
            yield return this.Failure("Host", "must be configured, or BootstrapServers set on the ClientConfig");
    }

    public void Configure(IBusInstance busInstance)
    {
        ArgumentNullException.ThrowIfNull(busInstance);
        var registration = Registration ?? throw new InvalidOperationException("The rider is configured before its registration is known.");
        var logger =
            registration.GetService<ILoggerFactory>()?.CreateLogger("MassTransit.KafkaIntegration") ?? (ILogger)NullLogger.Instance;
        var build = new RiderBuildContext
        {
            BusInstance = busInstance,
            Client = _client,
            Serializers = _serializers,
            HeadersDeserializer = _headersDeserializer,
            HeadersSerializer = _headersSerializer,
            OAuthBearerTokenRefresh = _refresh,
            Producers = new NativeProducers(logger),
            Clock = registration.GetService<TimeProvider>() ?? TimeProvider.System,
            Logger = logger,
        };
        _sendObservers.Connect(busInstance.HostConfiguration.SendObservers);
        var outbox = _outbox is { } factory ? new Lazy<ITopicOutbox>(() => factory(registration)) : null;
        var rider = new KafkaRider(
            build,
            registration,
            new ProducerSharing(_sendPipes, _sendObservers, () => outbox?.Value),
            _endpointObservers,
            _startTimeout
        );
        foreach (var producer in _producers.Values)
            rider.Add(producer);
        foreach (var endpoint in _endpoints.Values)
            rider.Add(endpoint.Build(build));
        slot.Rider = rider;
        busInstance.Connect<IKafkaRider>(rider);
    }
}
