using KafkaMySql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Receiver.Tests;

public sealed class OutboxSettingsTests
{
    // Set by the service, whatever the library's defaults are.
    private static readonly string[] TheServices = [nameof(OutboxOptions.ConnectionString), nameof(OutboxOptions.BootstrapServers)];

    [Fact]
    public async Task Without_settings_the_logs_own_defaults_hold()
    {
        await using var receiver = new ReceiverHost();

        var outbox = receiver.Services.GetRequiredService<IOptions<OutboxOptions>>().Value;
        outbox
            .Should()
            .BeEquivalentTo(
                new OutboxOptions(),
                options => options.Excluding(member => TheServices.Contains(member.Name)).Excluding(outbox => outbox.Describe)
            );
        outbox.Describe.Should().NotBeNull();
        outbox.ConnectionString.Should().Contain("Database=receiver").And.Contain("Port=1");
        outbox.BootstrapServers.Should().Be("127.0.0.1:1");
    }

    [Fact]
    public async Task Every_setting_reaches_the_log()
    {
        await using var receiver = ReceiverHost.With(
            ("Kafka:Topic", "other"),
            ("Kafka:Partitions", "7"),
            ("Outbox:Log", "second"),
            ("Outbox:Url", "http://receiver-1:8080/receiver"),
            ("Outbox:Readers:0:Name", "storage"),
            ("Outbox:Readers:0:Url", "http://storage:8090/storage"),
            ("Outbox:Readers:1:Name", "analyzer"),
            ("Outbox:Readers:1:Url", "http://analyzer:8200/analyzer"),
            ("Outbox:Relay", "no"),
            ("Outbox:QueueCapacity", "100"),
            ("Outbox:CommitTimeout", "2s"),
            ("Outbox:MaxBacklogRows", "300"),
            ("Outbox:MaxBacklogBytes", "5000"),
            ("Outbox:MaxBacklogAge", "1h"),
            ("Outbox:MaxLeadRows", "8000"),
            ("Outbox:MaxLeadBytes", "3145728"),
            ("Outbox:Retention", "7d"),
            ("Outbox:IdempotencyRetention", "48h"),
            ("Outbox:RequireDurability", "true")
        );

        receiver
            .Services.GetRequiredService<IOptions<OutboxOptions>>()
            .Value.Should()
            .BeEquivalentTo(
                new
                {
                    Topic = "other",
                    Partitions = 7,
                    Log = "second",
                    Url = "http://receiver-1:8080/receiver",
                    Readers = new[]
                    {
                        new { Name = "storage", Url = "http://storage:8090/storage" },
                        new { Name = "analyzer", Url = "http://analyzer:8200/analyzer" },
                    },
                    Relay = false,
                    QueueCapacity = 100,
                    CommitTimeout = TimeSpan.FromSeconds(2),
                    MaxBacklogRows = 300L,
                    MaxBacklogBytes = 5_000L,
                    MaxBacklogAge = TimeSpan.FromHours(1),
                    MaxLeadRows = 8_000,
                    MaxLeadBytes = 3_145_728L,
                    Retention = TimeSpan.FromDays(7),
                    IdempotencyRetention = TimeSpan.FromHours(48),
                    RequireDurability = true,
                }
            );
    }
}
