using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.Kafka.Extensions;
using MassTransit.KafkaIntegration.Consuming;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>A topic endpoint while it is configured; builds it afterwards.</summary>
internal sealed partial class TopicEndpointConfiguration<TKey, TValue>
    : ReceiveEndpointConfiguration,
        IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>
    where TValue : class
{
    private static readonly TimeSpan LongestCommitInterval = TimeSpan.FromSeconds(5);

    private readonly IReceiveEndpointConfiguration _inner;
    private readonly RiderBuildContext _rider;
    private readonly TopicEndpointSettings _settings;
    private IDeserializer<TKey>? _keyDeserializer;
    private IDeserializer<TValue>? _valueDeserializer;
    private IHeadersDeserializer? _headersDeserializer;

    public TopicEndpointConfiguration(RiderBuildContext rider, TopicEndpointSettings settings)
        : this(rider, settings, rider.BusInstance.HostConfiguration.CreateReceiveEndpointConfiguration(EndpointName(settings))) { }

    private TopicEndpointConfiguration(RiderBuildContext rider, TopicEndpointSettings settings, IReceiveEndpointConfiguration inner)
        : base(rider.BusInstance.HostConfiguration, inner)
    {
        _rider = rider;
        _settings = settings;
        _inner = inner;
        PublishFaults = false;
        ConfigureConsumeTopology = false;
        ConcurrentMessageLimit = 1;
        PrefetchCount = settings.Prefetch;
    }

    public override Uri HostAddress => _inner.HostAddress;

    public override Uri InputAddress => _inner.InputAddress;

    public TimeSpan CheckpointInterval
    {
        set => _settings.CheckpointInterval = value;
    }

    public ushort CheckpointMessageCount
    {
        // Offsets are committed together and by time; see the interface.
        set => ArgumentOutOfRangeException.ThrowIfZero(value);
    }

    public ushort MessageLimit
    {
        set => _settings.MessageLimit = Positive(value);
    }

    public ushort ConcurrentConsumerLimit
    {
        set => _settings.Consumers = Positive(value);
    }

    public int ConcurrentDeliveryLimit
    {
        set => _settings.WorkersPerKey = Positive(value);
    }

    public long Offset
    {
        set => _settings.StartOffset = new Offset(value);
    }

    public FailurePolicy FailurePolicy
    {
        set => _settings.FailurePolicy = value;
    }

    public string? ErrorTopicName
    {
        set => _settings.ErrorTopic = value;
    }

    public TimeSpan DrainTimeout
    {
        set => _settings.DrainTimeout = value;
    }

    public void HoldBackoff(TimeSpan first, TimeSpan longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, first);
        _settings.FirstHold = first;
        _settings.LongestHold = longest;
    }

    public void DeliverBatches(int maxRecords) => _settings.BatchSize = Positive(maxRecords);

    public void SetPartitionObserver(IPartitionObserver observer) => _settings.Observer = observer;

    public void ConfigureFetch(Action<IKafkaFetchConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new KafkaFetchConfigurator(_settings.Consumer));
    }

    public void UseIsolationLevel(IsolationLevel isolationLevel) => _settings.Consumer.IsolationLevel = isolationLevel;

    public void SetHeadersDeserializer(IHeadersDeserializer deserializer) => _headersDeserializer = deserializer;

    public void SetOffsetsCommittedHandler(Action<CommittedOffsets> handler) => _settings.OffsetsCommitted = handler;

    public void SetStatisticsHandler(Action<string> handler) => _settings.Statistics = handler;

    public void SetKeyDeserializer(IDeserializer<TKey> deserializer) => _keyDeserializer = deserializer;

    public void SetValueDeserializer(IDeserializer<TValue> deserializer) => _valueDeserializer = deserializer;

    public void CreateIfMissing(Action<KafkaTopicOptions>? configure)
    {
        _settings.CreateTopic = new KafkaTopicOptions();
        configure?.Invoke(_settings.CreateTopic);
    }

    public override IEnumerable<ValidationResult> Validate()
    {
        foreach (var result in base.Validate())
            yield return result;
        if (_settings.BatchSize is not null && (_settings.KeyBuckets > 1 || _settings.WorkersPerKey > 1))
            yield return this.Failure("DeliverBatches", "cannot be combined with concurrency inside a partition");
        if (_settings.CreateTopic is not null && _settings.Topic.StartsWith('^'))
            yield return this.Failure("CreateIfMissing", "cannot create a topic from a pattern");
    }

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => CreateContext();

    public TopicEndpoint Build()
    {
        _settings.KeyBuckets = ConcurrentMessageLimit ?? 1;
        _settings.Prefetch = PrefetchCount;
        CompleteConsumerConfig(_settings.Consumer);
        ConfigurePipes();
        ApplySpecifications(new ReceiveEndpointBuilder(this));

        var context = CreateContext();
        var health = new EndpointHealth();
        var transport = new KafkaReceiveTransport(
            context,
            _settings,
            () =>
                new DeliveryHandler<TKey, TValue>(
                    _settings,
                    context,
                    context.CreateReceivePipeDispatcher(),
                    new TopicErrorTransport(_settings, _rider.ErrorProducer, health, _rider.Clock, _rider.Logger),
                    health,
                    _rider.Logger
                ),
            health,
            new ClientCallbacks(null, _rider.OAuthBearerTokenRefresh),
            _rider.Logger
        );
        var endpoint = new ReceiveEndpoint(transport, context);
        ReceiveEndpoint = endpoint;
        return new TopicEndpoint(EndpointName(_settings), _settings, endpoint, health);
    }

    private TopicEndpointContext<TKey, TValue> CreateContext() =>
        new(
            _rider.BusInstance,
            this,
            _settings.GroupId,
            _keyDeserializer ?? _rider.Serializers.GetDeserializer<TKey>(),
            typeof(TValue) == typeof(RawRecord) ? null : _valueDeserializer ?? _rider.Serializers.GetDeserializer<TValue>(),
            _headersDeserializer ?? _rider.HeadersDeserializer
        );

    private void CompleteConsumerConfig(ConsumerConfig consumer)
    {
        // With its default of a second the client stops fetching that long whenever its queue is full.
        consumer.FetchQueueBackoffMs ??= 5;
        consumer.StatisticsIntervalMs ??= 2_000;
        consumer.EnablePartitionEof ??= _settings.Observer is not null;
        // The rider stores offsets after handling; the client commits what is stored.
        consumer.EnableAutoOffsetStore = false;
        consumer.EnableAutoCommit = true;
        consumer.AutoCommitIntervalMs = Math.Clamp(
            _settings.CheckpointInterval.ToMilliseconds(),
            100,
            (int)LongestCommitInterval.TotalMilliseconds
        );
    }

    // What the user configured decides; otherwise failures leave the pipe and meet the endpoint's failure policy.
    private void ConfigurePipes()
    {
        ConfigureError(pipe => pipe.UseFilter(new ReportFailureFilter()));
        ConfigureDeadLetter(pipe => pipe.UseFilter(new SkipFilter()));
    }

    private static string EndpointName(TopicEndpointSettings settings) =>
        $"{KafkaTopicAddress.PathPrefix}/{settings.Topic}/{settings.GroupId}";

    private static int Positive(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
