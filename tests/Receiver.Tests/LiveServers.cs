using MassTransit.Kafka.Extensions;
using TestSupport;

namespace Receiver.Tests;

/// <summary>A real MariaDB and a broker in this process that speaks Kafka's protocol, for the tests that start the Receiver as a process.</summary>
public sealed class LiveServers : MariaDbFixture, IDisposable
{
    public EmbeddedKafka Kafka { get; } = new();

    public void Dispose() => Kafka.Dispose();
}
