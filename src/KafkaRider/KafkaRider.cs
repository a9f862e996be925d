using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.Observables;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration;

/// <summary>Starts and stops the topic endpoints and owns the producers.</summary>
internal sealed class KafkaRider : IKafkaRider
{
    private readonly RiderBuildContext _build;
    private readonly IRiderRegistrationContext _registration;
    private readonly ProducerSharing _sharing;
    private readonly TimeSpan _startTimeout;
    private readonly ReceiveEndpointCollection _endpoints = new();
    private readonly ConcurrentDictionary<string, TopicEndpoint> _byAddress = new();
    private readonly ConcurrentDictionary<(string Topic, Type Key, Type Value), Lazy<ITopicProducerCore>> _producers = new();
    private volatile bool _isRunning;

    public KafkaRider(
        RiderBuildContext build,
        IRiderRegistrationContext registration,
        ProducerSharing sharing,
        ReceiveEndpointObservable endpointObservers,
        TimeSpan startTimeout
    )
    {
        _build = build;
        _registration = registration;
        _sharing = sharing;
        _startTimeout = startTimeout;
        _endpoints.ConnectReceiveEndpointObserver(endpointObservers);
    }

    private Uri HostAddress => _build.BusInstance.HostConfiguration.HostAddress;

    public void Add(TopicEndpoint endpoint)
    {
        _endpoints.Add(endpoint.Name, endpoint.Endpoint);
        _byAddress[endpoint.Endpoint.InputAddress.ToString()] = endpoint;
    }

    public void Add(ITopicProducerSpecification specification) =>
        _producers[(specification.Topic, specification.KeyType, specification.ValueType)] = new Lazy<ITopicProducerCore>(() =>
            specification.Build(_build, _sharing)
        );

    public RiderHandle Start(CancellationToken cancellationToken)
    {
        _isRunning = true;
        var handles = _endpoints.StartEndpoints(cancellationToken);
        return new Handle(this, ReadyAsync(handles));
    }

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth() =>
        _endpoints
            .CheckEndpointHealth()
            .Select(result =>
                _byAddress.TryGetValue(result.InputAddress.ToString(), out var endpoint)
                    ? endpoint.Health.Apply(result, _isRunning)
                    : result
            )
            .Concat(
                _build.Producers.All.Select(
                    (producer, index) => new ProducerHealth(_build.BusInstance.Bus, HostAddress, index + 1, producer).Check()
                )
            )
            .ToList();

    public ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class => new ScopedTopicProducer<TKey, TValue>(() => FindProducer<TKey, TValue>(address), null, null);

    public TopicProducer<TKey, TValue> FindProducer<TKey, TValue>(Uri address)
        where TValue : class => FindProducer<TKey, TValue>(new KafkaTopicAddress(HostAddress, address).Topic);

    public TopicProducer<TKey, TValue> FindProducer<TKey, TValue>(string topic)
        where TValue : class
    {
        var producer = _producers.GetOrAdd(
            (topic, typeof(TKey), typeof(TValue)),
            _ => new Lazy<ITopicProducerCore>(() =>
                new KafkaProducerConfigurator<TKey, TValue>(topic, new ProducerConfig(), null).Build(_build, _sharing)
            )
        );
        return (TopicProducer<TKey, TValue>)producer.Value;
    }

    public HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(
        string topicName,
        string groupId,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        return ConnectTopicEndpoint(topicName, new ConsumerConfig { GroupId = groupId }, configure);
    }

    public HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        MassTransit.LogContext.SetCurrentIfNull(_build.BusInstance.HostConfiguration.LogContext!);
        var endpoint = KafkaFactoryConfigurator
            .Endpoint<TKey, TValue>(topicName, consumerConfig, configurator => configure(_registration, configurator))
            .Build(_build);
        Add(endpoint);
        return _endpoints.Start(endpoint.Name, CancellationToken.None);
    }

    // The bus must come up without Kafka, so its start waits for the endpoints only so long.
    private async Task ReadyAsync(HostReceiveEndpointHandle[] handles)
    {
        var all = Task.WhenAll(handles.Select(handle => handle.Ready));
        if (await Task.WhenAny(all, Task.Delay(_startTimeout)).ConfigureAwait(false) == all)
        {
            await all.ConfigureAwait(false);
            return;
        }
        if (handles.FirstOrDefault(handle => handle.Ready.IsFaulted) is { } refused)
            await refused.Ready.ConfigureAwait(false);
        var waiting = handles.Where(handle => !handle.Ready.IsCompleted).Select(handle => Describe(handle.ReceiveEndpoint.InputAddress));
        _build.Logger.StartedWithoutKafka(_build.Client.BootstrapServers, string.Join("; ", waiting));
    }

    private string Describe(Uri address) =>
        _byAddress.TryGetValue(address.ToString(), out var endpoint)
            ? $"{endpoint.Settings.Name} ({(endpoint.Health.IsDown ? "no broker can be reached" : "waits for " + endpoint.Health.WaitsFor)})"
            : address.ToString();

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _endpoints.StopEndpoints(cancellationToken).ConfigureAwait(false);
        await _build.Producers.CloseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        _isRunning = false;
    }

    private sealed class Handle(KafkaRider rider, Task ready) : RiderHandle
    {
        public Task Ready => ready;

        public Task StopAsync(CancellationToken cancellationToken) => rider.StopAsync(cancellationToken);
    }
}
