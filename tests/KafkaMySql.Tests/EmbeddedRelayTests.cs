using MassTransit.Kafka.Extensions;
using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>The relay with the embedded broker, which keeps little, forgets all at its end, and answers no administrative request.</summary>
[Collection(LogOnMariaDb.Name)]
public sealed class EmbeddedRelayTests(MariaDbFixture mariaDb)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_burst_many_times_what_the_broker_keeps_reaches_the_reader_whole()
    {
        const int Events = 60_000;
        using var broker = new EmbeddedKafka();
        var database = await mariaDb.Server.NewDatabaseAsync();
        await using var reader = new ReaderStub(broker.BootstrapServers, "events");
        await using var process = await LogProcess.StartAsync(
            database,
            options =>
            {
                options.BootstrapServers = broker.BootstrapServers;
                options.Relay = true;
                options.MaxLeadRows = 8_000;
                options.MaxLeadBytes = 3 * 1024 * 1024;
                options.Readers.Add(new LogReader { Name = "stub", Url = reader.Url });
            }
        );
        await process.AppendAsync("k", "first");
        await Eventually.HoldsAsync(() => reader.All.Count == 1, "the topic is there without an administrative request");

        var text = new string('x', 600);
        foreach (var chunk in Enumerable.Range(0, Events).Chunk(1_000))
        {
            var outcomes = await process.Log.AppendManyAsync(
                [.. chunk.Select(number => LogProcess.Event("one key", $"{number}{text}"))],
                Cancel
            );
            outcomes.Should().OnlyContain(outcome => outcome.Error == null);
        }

        await Eventually.HoldsAsync(() => reader.All.Count == Events + 1, "all arrive", TimeSpan.FromSeconds(120));
        foreach (var lane in reader.All.GroupBy(taken => taken.Partition))
            lane.Zip(lane.Skip(1)).All(pair => pair.Second.After == pair.First.Seq).Should().BeTrue("nothing is missing in between");
    }
}
