using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// One member of the group: a native consumer and the thread that polls it. Everything that touches the consumer runs on that thread.
/// It polls whatever the handlers do; a partition that cannot keep up is paused.
/// </summary>
internal sealed class ConsumerLoop
{
    private const int LargestRound = 1_000;
    private static readonly TimeSpan RestingPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BusyPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan HeldPoll = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan RoomWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CancelledWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatermarkInterval = TimeSpan.FromSeconds(1);

    private readonly TopicEndpointSettings _settings;
    private readonly ConsumerConfig _config;
    private readonly ILaneHandler _handler;
    private readonly EndpointPartitions _partitions;
    private readonly EndpointHealth _health;
    private readonly ClientCallbacks _callbacks;
    private readonly Action _joined;
    private readonly ILogger _logger;
    private readonly Dictionary<TopicPartition, PartitionLane> _lanes = [];
    private readonly List<PartitionLane> _touched = [];
    private readonly ConcurrentQueue<PartitionStart> _starts = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PartitionLane? _lastLane;
    private Error? _fatal;
    private long _watermarksAt;
    private volatile bool _isStopping;

    public ConsumerLoop(
        TopicEndpointSettings settings,
        ConsumerConfig config,
        ILaneHandler handler,
        EndpointPartitions partitions,
        EndpointHealth health,
        ClientCallbacks callbacks,
        Action joined,
        ILogger logger
    )
    {
        _settings = settings;
        _config = config;
        _handler = handler;
        _partitions = partitions;
        _health = health;
        _callbacks = callbacks;
        _joined = joined;
        _logger = logger;
    }

    /// <summary>Completes after a stop; fails when the native consumer cannot go on.</summary>
    public Task Completion => _completion.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"kafka {_settings.Name}" }.Start();

    /// <summary>Ends polling, drains for at most the drain time-out, stores what is done and leaves the group.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _completion.Task;
    }

    private void Run()
    {
        try
        {
            // Gone before anybody is told: a process that ends while the native client's threads still run may crash in its exit handlers.
            using (var consumer = Build())
            {
                consumer.Subscribe(_settings.Topic);
                while (!_isStopping && _fatal is null)
                    Round(consumer);
                if (_fatal is { } fatal)
                    throw new KafkaException(fatal);
                Leave(consumer);
            }
            _completion.SetResult();
        }
        catch (Exception exception)
        {
            foreach (var lane in _lanes.Values)
                _partitions.Release(lane, cancel: true);
            _completion.SetException(exception);
        }
    }

    private void Round(IConsumer<byte[], byte[]> consumer)
    {
        var result = Poll(consumer, PollTime());
        for (var count = 1; result is not null; count++)
        {
            Route(result);
            if (count == LargestRound)
                break;
            result = Poll(consumer, TimeSpan.Zero);
        }
        foreach (var lane in _touched)
        {
            lane.HighWatermark = HighWatermark(consumer, lane.Partition);
            lane.Schedule();
        }
        _touched.Clear();
        WaitForRoom();
        StoreOffsets(consumer);
        ApplyPauses(consumer);
        OpenLanes(consumer);
        RefreshWatermarks(consumer);
    }

    private TimeSpan PollTime()
    {
        var time = RestingPoll;
        foreach (var lane in _lanes.Values)
        {
            if (!lane.IsPaused && !lane.IsStarting)
                continue;
            if (!lane.IsHeld)
                return BusyPoll;
            time = HeldPoll;
        }
        return time;
    }

    private ConsumeResult<byte[], byte[]>? Poll(IConsumer<byte[], byte[]> consumer, TimeSpan timeout)
    {
        try
        {
            return consumer.Consume(timeout);
        }
        catch (ConsumeException exception)
        {
            OnConsumeError(exception.Error);
            return null;
        }
    }

    private void Route(ConsumeResult<byte[], byte[]> result)
    {
        var lane = _lastLane;
        if (lane is null || lane.Partition.Partition != result.Partition || lane.Partition.Topic != result.Topic)
        {
            if (!_lanes.TryGetValue(result.TopicPartition, out lane))
                return;
            _lastLane = lane;
        }
        if (_touched.Count == 0 || !ReferenceEquals(_touched[^1], lane) && !_touched.Contains(lane))
            _touched.Add(lane);
        lane.Arrived(result);
        if (_health.IsDown)
            Reached();
        if (_health.WaitsFor is not null)
            _health.WaitsFor = null;
    }

    // Pausing throws away what the client has prefetched, so a full lane gets a moment to make room first.
    private void WaitForRoom()
    {
        if (!AnyFull())
            return;
        var started = Stopwatch.GetTimestamp();
        while (!_isStopping && Stopwatch.GetElapsedTime(started) < RoomWait && AnyFull())
            Thread.Sleep(1);
    }

    private bool AnyFull()
    {
        foreach (var lane in _lanes.Values)
            if (!lane.IsPaused && lane.IsFull)
                return true;
        return false;
    }

    private void StoreOffsets(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var lane in _lanes.Values)
            StoreOffset(consumer, lane);
    }

    private void StoreOffset(IConsumer<byte[], byte[]> consumer, PartitionLane lane)
    {
        if (!lane.TryTakePosition(out var position))
            return;
        try
        {
            consumer.StoreOffset(new TopicPartitionOffset(lane.Partition, position));
        }
        catch (KafkaException exception)
        {
            // The partition went away meanwhile; its next owner begins at the last commit.
            _logger.OffsetNotStored(_settings.Name, lane.Partition.Topic, lane.Partition.Partition.Value, exception.Error.Reason);
        }
    }

    private void ApplyPauses(IConsumer<byte[], byte[]> consumer)
    {
        List<PartitionLane>? toPause = null;
        List<PartitionLane>? toResume = null;
        foreach (var lane in _lanes.Values)
        {
            var wants = lane.WantsPause(lane.IsPaused);
            if (wants == lane.IsPaused)
                continue;
            if (wants)
                (toPause ??= []).Add(lane);
            else
                (toResume ??= []).Add(lane);
        }
        if (toPause is not null)
            Switch(toPause, true, consumer.Pause);
        if (toResume is not null)
            Switch(toResume, false, consumer.Resume);
    }

    private void Switch(List<PartitionLane> lanes, bool paused, Action<IEnumerable<TopicPartition>> apply)
    {
        try
        {
            apply(lanes.Select(lane => lane.Partition));
            foreach (var lane in lanes)
                lane.IsPaused = paused;
        }
        catch (KafkaException exception)
        {
            // Tried again in the next round.
            _logger.TransientError(_settings.Name, exception.Error.Reason);
        }
    }

    private void OpenLanes(IConsumer<byte[], byte[]> consumer)
    {
        for (var waiting = _starts.Count; waiting > 0 && _starts.TryDequeue(out var start); waiting--)
        {
            var lane = start.Lane;
            if (lane.IsClosed)
                continue;
            // While it is paused nothing is fetched, so what was dropped cannot become more under our hands.
            if (!lane.IsPaused || !TrySeek(consumer, lane.Partition, start.Offset ?? lane.DroppedFrom))
            {
                _starts.Enqueue(start);
                continue;
            }
            if (start.Offset is { } offset)
                _logger.StartsAt(_settings.Name, lane.Partition.Topic, lane.Partition.Partition.Value, offset);
            lane.Open(start.Offset ?? lane.DroppedFrom);
        }
    }

    // The client discards what it fetched before a pause or a seek: both raise the partition's version, and older records are dropped.
    private bool TrySeek(IConsumer<byte[], byte[]> consumer, TopicPartition partition, long? offset)
    {
        if (offset is null)
            return true;
        try
        {
            consumer.Seek(new TopicPartitionOffset(partition, offset.Value));
            return true;
        }
        catch (KafkaException exception)
        {
            // Not possible before the client has looked the committed offset up.
            _logger.TransientError(_settings.Name, exception.Error.Reason);
            return false;
        }
    }

    private void RefreshWatermarks(IConsumer<byte[], byte[]> consumer)
    {
        if (Stopwatch.GetElapsedTime(_watermarksAt) < WatermarkInterval)
            return;
        _watermarksAt = Stopwatch.GetTimestamp();
        foreach (var lane in _lanes.Values)
            lane.HighWatermark = HighWatermark(consumer, lane.Partition);
    }

    private static long HighWatermark(IConsumer<byte[], byte[]> consumer, TopicPartition partition)
    {
        try
        {
            // What the client heard with the last fetch; asks nobody.
            return consumer.GetWatermarkOffsets(partition).High is { IsSpecial: false } high ? high.Value : -1;
        }
        catch (KafkaException)
        {
            // Nothing was fetched yet.
            return -1;
        }
    }

    private void OnAssigned(List<TopicPartition> partitions)
    {
        _lastLane = null;
        foreach (var partition in partitions)
        {
            RiderMetrics.Rebalanced(_settings, partition, "assigned");
            if (_lanes.Remove(partition, out var former))
                _partitions.Release(former, cancel: true);
            var lane = new PartitionLane(partition, _handler, _settings.KeyBuckets, _settings.WorkersPerKey, _settings.LaneCapacity);
            _lanes[partition] = lane;
            LaneRegistry.Add(lane, _settings);
            if (!_settings.StartsElsewhere && _partitions.FormerOf(partition).IsCompleted)
                lane.Open(null);
            else
                _ = FindStartAsync(lane);
        }
        if (partitions.Count > 0)
            _logger.Assigned(_settings.Name, Names(partitions));
        _joined();
    }

    private async Task FindStartAsync(PartitionLane lane)
    {
        // The observer must not run on the poll thread.
        await Task.Yield();
        try
        {
            _starts.Enqueue(new PartitionStart(lane, await _partitions.StartOfAsync(lane).ConfigureAwait(false)));
        }
        catch (OperationCanceledException)
        {
            // Taken away before it began.
        }
    }

    private void OnRevoked(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        var lanes = TakeLanes(partitions, "revoked");
        if (lanes.Count > 0 && !_isStopping)
            _logger.Revoked(_settings.Name, Names(partitions));
        Drain(lanes);
        foreach (var lane in lanes)
            StoreOffset(consumer, lane);
    }

    private void OnLost(List<TopicPartition> partitions)
    {
        foreach (var lane in TakeLanes(partitions, "lost"))
            _partitions.Release(lane, cancel: true);
        _logger.Lost(_settings.Name, Names(partitions));
    }

    private List<PartitionLane> TakeLanes(List<TopicPartition> partitions, string @event)
    {
        _lastLane = null;
        var lanes = new List<PartitionLane>(partitions.Count);
        foreach (var partition in partitions)
        {
            RiderMetrics.Rebalanced(_settings, partition, @event);
            if (_lanes.Remove(partition, out var lane))
                lanes.Add(lane);
            _touched.Remove(lane!);
        }
        return lanes;
    }

    private void Drain(List<PartitionLane> lanes)
    {
        var releases = lanes.ConvertAll(lane => _partitions.Release(lane, cancel: false)).ToArray();
        if (Task.WaitAll(releases, _settings.DrainTimeout))
            return;
        foreach (var lane in lanes.Where(lane => !lane.Drained.IsCompleted))
        {
            _logger.NotDrained(_settings.Name, lane.Partition.Topic, lane.Partition.Partition.Value, _settings.DrainTimeout);
            lane.Close(cancel: true);
        }
        Task.WaitAll(releases, CancelledWait);
    }

    private void Leave(IConsumer<byte[], byte[]> consumer)
    {
        var lanes = _lanes.Values.ToList();
        _lanes.Clear();
        Drain(lanes);
        foreach (var lane in lanes)
            StoreOffset(consumer, lane);
        // Without a broker there is nobody to commit to or to say good-bye to, and closing would wait for one.
        if (!_health.IsDown)
            consumer.Close();
    }

    private IConsumer<byte[], byte[]> Build()
    {
        // Only these forms of the handlers work with incremental rebalancing.
        Action<IConsumer<byte[], byte[]>, List<TopicPartition>> assigned = (_, partitions) => OnAssigned(partitions);
        Action<IConsumer<byte[], byte[]>, List<TopicPartitionOffset>> revoked = (consumer, partitions) =>
            OnRevoked(consumer, partitions.ConvertAll(partition => partition.TopicPartition));
        Action<IConsumer<byte[], byte[]>, List<TopicPartitionOffset>> lost = (_, partitions) =>
            OnLost(partitions.ConvertAll(partition => partition.TopicPartition));
        var builder = new ConsumerBuilder<byte[], byte[]>(_config)
            .SetPartitionsAssignedHandler(assigned)
            .SetPartitionsRevokedHandler(revoked)
            .SetPartitionsLostHandler(lost)
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => _logger.Native(message))
            .SetStatisticsHandler((_, json) => OnStatistics(json));
        if (_settings.OffsetsCommitted is { } committed)
            builder.SetOffsetsCommittedHandler((_, offsets) => committed(offsets));
        if (_callbacks.OAuthBearerTokenRefresh is { } refresh)
            builder.SetOAuthBearerTokenRefreshHandler(refresh);
        try
        {
            return builder.Build();
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or KafkaException { Error.Code: ErrorCode.Local_InvalidArg })
        {
            // What the client refuses when it is made does not get better by trying again.
            throw new ConfigurationException(exception.Message, exception);
        }
    }

    private void OnConsumeError(Error error)
    {
        if (error.IsFatal)
        {
            _fatal = error;
            return;
        }
        var reason = error.Code switch
        {
            ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic => $"topic {_settings.Topic}, which does not exist",
            ErrorCode.TopicAuthorizationFailed => $"the right to read topic {_settings.Topic}",
            ErrorCode.GroupAuthorizationFailed => $"the right to be in group {_settings.GroupId}",
            _ => null,
        };
        if (reason is null)
        {
            _logger.TransientError(_settings.Name, error.Reason);
            return;
        }
        if (_health.WaitsFor != reason)
            _logger.EndpointWaits(_settings.Name, reason);
        _health.WaitsFor = reason;
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
        {
            _fatal = error;
        }
        else if (error.Code == ErrorCode.Local_AllBrokersDown && !_health.IsDown)
        {
            _health.IsDown = true;
            _logger.ConsumerDown(_settings.Name, _config.BootstrapServers, error.Reason);
        }
        else
        {
            // The client mends it by itself.
            _logger.TransientError(_settings.Name, error.Reason);
        }
    }

    private void OnStatistics(string json)
    {
        var statistics = ClientStatistics.Parse(json);
        if (_health.IsDown && statistics.HasBroker)
            Reached();
        // A member without a partition is never told that it was assigned none.
        if (_health.WaitsFor is not null && statistics.IsSteady && statistics.HasBroker && _lanes.Count == 0)
            _joined();
        _settings.Statistics?.Invoke(json);
    }

    private void Reached()
    {
        _health.IsDown = false;
        _logger.ConsumerUp(_settings.Name, _config.BootstrapServers);
    }

    private static string Names(IEnumerable<TopicPartition> partitions) =>
        string.Join(", ", partitions.Select(partition => $"{partition.Topic}[{partition.Partition.Value}]"));
}
