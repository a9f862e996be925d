using KafkaMySql;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Receiver.Health;

namespace Receiver.Tests;

public sealed class EventLogCheckTests
{
    private static readonly EventLogSnapshot Well = new()
    {
        Node = 3,
        Partitions = [],
        Readers = [],
    };

    [Fact]
    public void It_is_well_while_events_can_be_made_durable() => Judge(Well).Should().Be(HealthStatus.Healthy);

    [Fact]
    public void It_is_not_ready_while_no_event_can_be_accepted()
    {
        Judge(Well with { DatabaseTrouble = "gone" }).Should().Be(HealthStatus.Unhealthy);
        Judge(Well with { Node = null }).Should().Be(HealthStatus.Unhealthy);
        Judge(Well with { BacklogExcess = "20,000,000 rows" }).Should().Be(HealthStatus.Unhealthy);
    }

    [Fact]
    public void It_warns_of_what_may_lose_events_or_means_that_some_were_lost()
    {
        Judge(Well with { DurabilityWarning = "sync_binlog is 0" }).Should().Be(HealthStatus.Degraded);
        Judge(Well with { ReaderAhead = true }).Should().Be(HealthStatus.Degraded);
    }

    private static HealthStatus Judge(EventLogSnapshot log) => EventLogCheck.Judge(log).Status;
}
