using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Keeps the endpoint's consumers running: whatever ends them, they are started again with back-off until the endpoint is stopped.</summary>
internal sealed class KafkaReceiveTransport(
    ITopicEndpointContext context,
    TopicEndpointSettings settings,
    Func<ILaneHandler> createHandler,
    EndpointHealth health,
    ClientCallbacks callbacks,
    ILogger logger
) : IReceiveTransport
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    public ReceiveTransportHandle Start() => new Running(this);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) =>
        context.ConnectReceiveTransportObserver(observer);

    public void Probe(ProbeContext probeContext)
    {
        var scope = probeContext.CreateScope("kafka");
        scope.Add("topic", settings.Topic);
        scope.Add("group", settings.GroupId);
        scope.Add("failurePolicy", settings.FailurePolicy.ToString());
    }

    private sealed class Running : ReceiveTransportHandle
    {
        private readonly KafkaReceiveTransport _transport;
        private readonly CancellationTokenSource _stopping = new();
        private readonly EndpointPartitions _partitions;
        private readonly Task _run;
        private int _isReady;

        public Running(KafkaReceiveTransport transport)
        {
            _transport = transport;
            _partitions = new EndpointPartitions(transport.Settings, transport.Logger);
            _run = Task.Run(RunAsync);
        }

        public async Task Stop(CancellationToken cancellationToken)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
            await _transport
                .Context.TransportObservers.NotifyCompleted(_transport.Context.InputAddress, new NoMetrics())
                .ConfigureAwait(false);
        }

        private async Task RunAsync()
        {
            MassTransit.LogContext.Current = _transport.Context.LogContext;
            _transport.Health.WaitsFor = "the first assignment";
            try
            {
                await _transport.Context.DependenciesReady.WaitAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            for (var attempt = 1; !_stopping.IsCancellationRequested; attempt++)
            {
                try
                {
                    await CreateTopicAsync().ConfigureAwait(false);
                    if (await ConsumeAsync().ConfigureAwait(false))
                        attempt = 1;
                }
                catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
                {
                    return;
                }
                catch (ConfigurationException exception)
                {
                    await RefuseAsync(exception).ConfigureAwait(false);
                    return;
                }
                catch (Exception exception)
                {
                    await RestartAsync(exception, attempt).ConfigureAwait(false);
                }
            }
        }

        // True when the consumers had joined before they ended.
        private async Task<bool> ConsumeAsync()
        {
            var handler = _transport.CreateHandler();
            var loops = Enumerable.Range(1, _transport.Settings.Consumers).Select(number => CreateLoop(handler, number)).ToArray();
            foreach (var loop in loops)
                loop.Start();
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = _stopping.Token.Register(() => stopped.TrySetResult()).ConfigureAwait(false);
            await Task.WhenAny([stopped.Task, .. loops.Select(loop => loop.Completion)]).ConfigureAwait(false);

            var all = Task.WhenAll(loops.Select(loop => loop.StopAsync()));
            var longest = _transport.Settings.DrainTimeout + CloseTimeout;
            if (await Task.WhenAny(all, Task.Delay(longest)).ConfigureAwait(false) != all)
                throw new KafkaConnectionException($"The consumers of {_transport.Settings.Name} did not close within {longest}.");
            await all.ConfigureAwait(false);
            return _isReady == 1;
        }

        private ConsumerLoop CreateLoop(ILaneHandler handler, int number)
        {
            var config = new ConsumerConfig(new Dictionary<string, string>(_transport.Settings.Consumer));
            if (_transport.Settings.Consumers > 1 && config.GroupInstanceId is { } instance)
                config.GroupInstanceId = $"{instance}{number:D2}";
            return new ConsumerLoop(
                _transport.Settings,
                config,
                handler,
                _partitions,
                _transport.Health,
                _transport.Callbacks,
                Joined,
                _transport.Logger
            );
        }

        private void Joined()
        {
            _transport.Health.WaitsFor = null;
            if (Interlocked.Exchange(ref _isReady, 1) == 1)
                return;
            _transport.Logger.EndpointConsumes(_transport.Settings.Name);
            // Off the poll thread: observers may take their time.
            _ = Task.Run(() => _transport.Context.TransportObservers.NotifyReady(_transport.Context.InputAddress));
        }

        private Task RefuseAsync(Exception exception)
        {
            _transport.Health.WaitsFor = $"its settings to be corrected: {exception.Message}";
            _transport.Logger.EndpointRefused(exception, _transport.Settings.Name);
            var faulted = new ConnectionException(
                $"The settings of {_transport.Settings.Name} are wrong: {exception.Message}",
                exception,
                false
            );
            return _transport.Context.TransportObservers.NotifyFaulted(_transport.Context.InputAddress, faulted);
        }

        private async Task RestartAsync(Exception exception, int attempt)
        {
            var delay = Backoff.Delay(attempt, FirstWait, LongestWait);
            Interlocked.Exchange(ref _isReady, 0);
            _transport.Health.WaitsFor = $"its restart after: {exception.Message}";
            _transport.Logger.EndpointRestarts(exception, _transport.Settings.Name, delay);
            var faulted = new KafkaConnectionException($"The consumers of {_transport.Settings.Name} failed: {exception.Message}");
            await _transport.Context.TransportObservers.NotifyFaulted(_transport.Context.InputAddress, faulted).ConfigureAwait(false);
            await Task.Delay(delay, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task CreateTopicAsync()
        {
            if (_transport.Settings.CreateTopic is not { } options)
                return;
            var topic = _transport.Settings.Topic;
            var specification = new TopicSpecification
            {
                Name = topic,
                NumPartitions = options.NumPartitions,
                ReplicationFactor = options.ReplicationFactor,
                Configs = new Dictionary<string, string>(options.Configs),
            };
            for (var attempt = 1; ; attempt++)
            {
                var error = await TopicCreation
                    .TryAsync(_transport.Settings.Consumer, specification, options.RequestTimeout, _transport.Logger, _stopping.Token)
                    .ConfigureAwait(false);
                if (error is null)
                    return;
                if (attempt == 1)
                    _transport.Logger.TopicNotCreated(_transport.Settings.Name, topic, error.Reason);
                // A broker's no stays a no; the endpoint then waits for the topic to appear. Everything else may pass.
                if (error.IsBrokerError && error.Code is not (ErrorCode.RequestTimedOut or ErrorCode.NotController))
                    return;
                _transport.Health.WaitsFor = $"the creation of topic {topic}: {error.Reason}";
                await Task.Delay(Backoff.Delay(attempt, FirstWait, LongestWait), _stopping.Token).ConfigureAwait(false);
            }
        }

        private sealed class NoMetrics : DeliveryMetrics
        {
            public long DeliveryCount => 0;

            public int ConcurrentDeliveryCount => 0;
        }
    }

    private ITopicEndpointContext Context => context;
    private TopicEndpointSettings Settings => settings;
    private Func<ILaneHandler> CreateHandler => createHandler;
    private EndpointHealth Health => health;
    private ClientCallbacks Callbacks => callbacks;
    private ILogger Logger => logger;
}
