using Confluent.Kafka;
using MassTransit.Kafka.Extensions;
using TestSupport;

namespace KafkaRider.Tests;

/// <summary>Looks at the threads of the whole process, so nothing else may run beside it.</summary>
[Collection(nameof(StoppedTests))]
[CollectionDefinition(nameof(StoppedTests), DisableParallelization = true)]
public sealed class StoppedTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_bus_has_stopped_no_thread_of_the_native_client_is_left_that_could_disturb_the_end_of_the_process(
        bool withBroker
    )
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "threads are read from /proc");
        var before = NativeThreads();
        using var broker = withBroker ? new EmbeddedKafka() : null;
        broker?.CreateTopic("stopped", 1);
        var ofBroker = NativeThreads().Except(before).ToHashSet();
        for (var round = 1; round <= 3; round++)
        {
            var app = RiderSetup.Consumer<ThingHappened, ThingHappened>(
                broker?.BootstrapServers ?? $"127.0.0.1:{FreePort.Next()}",
                "stopped",
                new Received<ThingHappened>(),
                kafka: kafka => kafka.StartTimeout = TimeSpan.FromSeconds(1),
                config: new ConsumerConfig { GroupId = "stopped", ReconnectBackoffMaxMs = 100 }
            );
            await using (app)
            {
                await app.StartAsync();
                NativeThreads().Except(before).Except(ofBroker).Should().NotBeEmpty("the endpoint consumes");

                await app.StopAsync();
                NativeThreads().Except(before).Except(ofBroker).Should().BeEmpty("round {0}", round);
            }
        }
    }

    // The client names its threads rdk:main, rdk:broker1 and so on.
    private static HashSet<string> NativeThreads() =>
        [
            .. Directory
                .EnumerateDirectories("/proc/self/task")
                .Where(thread =>
                {
                    try
                    {
                        return File.ReadAllText(Path.Combine(thread, "comm")).StartsWith("rdk:", StringComparison.Ordinal);
                    }
                    catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
                    {
                        return false;
                    }
                })
                .Select(thread => Path.GetFileName(thread)),
        ];
}
