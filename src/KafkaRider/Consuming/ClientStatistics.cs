using System.Text.Json;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What the rider reads from the native client's statistics.</summary>
internal readonly record struct ClientStatistics(bool HasBroker, bool IsSteady)
{
    public static ClientStatistics Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var hasBroker =
            root.TryGetProperty("brokers", out var brokers)
            && brokers.EnumerateObject().Any(broker => broker.Value.TryGetProperty("state", out var state) && state.GetString() == "UP");
        var isSteady =
            root.TryGetProperty("cgrp", out var group)
            && group.TryGetProperty("join_state", out var join)
            && join.GetString() == "steady"
            && group.TryGetProperty("rebalance_cnt", out var rebalances)
            && rebalances.GetInt64() > 0;
        return new ClientStatistics(hasBroker, isSteady);
    }
}
