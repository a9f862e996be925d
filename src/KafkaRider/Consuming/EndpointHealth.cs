using System.Collections.Concurrent;
using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What an endpoint's health check says beyond started or stopped.</summary>
internal sealed class EndpointHealth
{
    private readonly ConcurrentDictionary<TopicPartition, (long Offset, Exception Failure)> _held = new();
    private volatile string? _waitsFor = "the first assignment";
    private volatile bool _isDown;

    /// <summary>Why the endpoint does not consume; null when it does.</summary>
    public string? WaitsFor
    {
        get => _waitsFor;
        set => _waitsFor = value;
    }

    /// <summary>No broker can be reached.</summary>
    public bool IsDown
    {
        get => _isDown;
        set => _isDown = value;
    }

    public void Hold(TopicPartition partition, long offset, Exception failure) => _held[partition] = (offset, failure);

    public void Release(TopicPartition partition) => _held.TryRemove(partition, out _);

    /// <summary>The endpoint's health, given what MassTransit knows about its start.</summary>
    public EndpointHealthResult Apply(EndpointHealthResult result, bool isRunning)
    {
        if (!isRunning)
            return result;
        if (_isDown)
            return EndpointHealthResult.Unhealthy(result.ReceiveEndpoint, "no broker can be reached", result.Exception);
        if (_waitsFor is { } waits)
            return EndpointHealthResult.Unhealthy(result.ReceiveEndpoint, $"waits for {waits}", result.Exception);
        var held = _held.ToArray();
        if (held.Length == 0)
            return result;
        var list = string.Join(
            ", ",
            held.Select(item =>
                $"{item.Key.Topic}[{item.Key.Partition.Value}]@{item.Value.Offset}: {item.Value.Failure.GetBaseException().Message}"
            )
        );
        return EndpointHealthResult.Degraded(result.ReceiveEndpoint, $"holds {list}");
    }
}
