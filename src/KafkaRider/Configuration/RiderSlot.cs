namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>Where producers find the rider of their bus, also before the bus has started.</summary>
internal class RiderSlot
{
    private KafkaRider? _rider;

    public KafkaRider Rider
    {
        get => _rider ?? throw new ConfigurationException("The bus of this Kafka rider was not built yet.");
        set => _rider = value;
    }
}
