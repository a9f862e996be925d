namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>The slot of one bus among several.</summary>
internal sealed class RiderSlot<TBus> : RiderSlot
    where TBus : class, IBus;
