using Contracts;
using MassTransit.Kafka.Extensions;
using Microsoft.Extensions.Configuration;
using ReaderSupport;
using TestSupport;

namespace Anomalies.Tests;

public sealed class DetectingOnMariaDb(MariaDbFixture fixture) : DetectingTests(fixture);

[Collection(OnMySql.Name)]
public sealed class DetectingOnMySql(MySqlFixture fixture) : DetectingTests(fixture);

public abstract class DetectingTests(DatabaseFixture fixture)
{
    [Fact]
    public async Task What_comes_again_adds_nothing_and_a_strangers_copy_gets_the_logs_place()
    {
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var listing = Sample.Listing(1, "5");
        var stranger = Sample.Bid(2, "10", "5");
        var records = new[] { log.Next(listing), log.Next(Sample.Listing(3)) };

        await anomalies.Inbox.ApplyAsync(0, records);
        await anomalies.Inbox.ApplyAsync(0, records);
        await anomalies.Inbox.ApplyAsync(1, [log.Foreign(Envelope.Write(listing), 1), log.Foreign(Envelope.Write(stranger), 1)]);
        await anomalies.Inbox.ApplyAsync(2, [log.Foreign(Envelope.Write(stranger), 2), log.Foreign(Envelope.Write(stranger), 2)]);
        await anomalies.Inbox.ApplyAsync(3, [log.Next(stranger, 3)]);

        (await anomalies.FoundAsync()).Should().Equal(listing.Identity, stranger.Identity);
        var places = await anomalies.QueryAsync("SELECT partition_no, seq FROM anomaly ORDER BY no");
        places.Select(row => (Convert.ToInt32(row[0], null), Convert.ToInt32(row[1], null))).Should().Equal((0, 1), (3, 1));
    }

    [Fact]
    public async Task Two_partitions_that_bring_the_same_event_at_once_find_it_once()
    {
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var listings = Enumerable.Range(0, 200).Select(id => Sample.Listing(id, "5")).ToList();

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(partition =>
                    anomalies.Inbox.ApplyAsync(partition, [.. listings.Select(listing => log.Foreign(Envelope.Write(listing), partition))])
                )
        );

        Ids.AreTheSame(await anomalies.FoundAsync(), [.. listings.Select(listing => listing.Identity)]);
        (await anomalies.QueryAsync("SELECT MAX(no), COUNT(*) FROM anomaly")).Single().Should().Equal(200L, 200L);
    }
}

/// <summary>What the server's make does not matter to.</summary>
public sealed class LimitsTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task A_changed_limit_holds_for_what_comes_after_it_and_a_wrong_one_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "settings.json");
        await File.WriteAllTextAsync(file, "{}");
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server);
        anomalies.Configuration.AddJsonFile(file, optional: false, reloadOnChange: false);
        var log = new TopicLog();

        await TakeAsync(2_000);
        (await anomalies.FoundAsync()).Should().BeEmpty();

        await SetAsync("5000.50");
        await HealthAsync("5000.50");
        await TakeAsync(2_000);
        (await anomalies.FoundAsync()).Should().HaveCount(1);

        await SetAsync("cheap");
        await HealthAsync("Setting Anomalies:ListingPriceThreshold is 'cheap': it must be a number");
        await TakeAsync(4_000);
        (await anomalies.FoundAsync()).Should().HaveCount(2, "the limit that held before still does");

        await File.WriteAllTextAsync(file, "{");
        await HealthAsync("cannot be read");
        await SetAsync("10");
        await HealthAsync("ListingPrice = 10");
        await TakeAsync(4_000);
        (await anomalies.FoundAsync()).Should().HaveCount(2);

        Task TakeAsync(int price) => anomalies.Inbox.ApplyAsync(0, [log.Next(Sample.Listing(1, $"{price}"))]);

        Task SetAsync(string threshold) =>
            File.WriteAllTextAsync(file, $$"""{"Anomalies": {"ListingPriceThreshold": "{{threshold}}" } }""");

        Task HealthAsync(string text) =>
            Eventually.HoldsAsync(
                async () =>
                    await (await anomalies.Client.GetAsync("/health")).Content.ReadAsStringAsync() is var health
                    && health.Replace("\\u0027", "'", StringComparison.Ordinal).Contains(text, StringComparison.Ordinal)
                        ? true
                        : throw new InvalidOperationException(health),
                $"health says {text}"
            );
    }

    [Theory]
    [InlineData("LISTING_PRICE_THRESHOLD", "cheap")]
    [InlineData("Anomalies:ListingPriceThreshold", "-1")]
    [InlineData("Anomalies:ListingPriceThreshold", "1,5")]
    public void A_wrong_limit_stops_the_start_with_a_sentence_that_names_it(string name, string value)
    {
        var starting = () => AnomaliesService.Build([$"--{name}={value}", "--ConnectionStrings:MySql=Server=127.0.0.1;User ID=x"]);

        starting
            .Should()
            .Throw<ServiceDefaults.SettingException>()
            .WithMessage($"Setting {name} is '{value}': it must be a number from 0 to *");
    }

    [Fact]
    public async Task The_older_name_of_the_limit_is_understood()
    {
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server, "LISTING_PRICE_THRESHOLD=1.50");

        await anomalies.Inbox.ApplyAsync(0, [new TopicLog().Next(Sample.Listing(1, "1.49"))]);

        (await anomalies.FoundAsync()).Should().HaveCount(1);
    }

    [Fact]
    public async Task Ordinary_events_leave_no_trace_but_the_readers_progress_once_a_second()
    {
        using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("events", 1);
        await using var anomalies = await AnomaliesHost.StartAsync(
            fixture.Server,
            $"Kafka:BootstrapServers={kafka.BootstrapServers}",
            "Kafka:Partitions=1"
        );
        var log = new TopicLog();
        await TopicLog.ProduceAsync(kafka.BootstrapServers, [log.Next(Sample.Listing())]);
        await LastAsync(1);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var before = await WritesAsync();
        const int Events = 60;
        for (var i = 0; i < Events; i++)
        {
            await TopicLog.ProduceAsync(kafka.BootstrapServers, [log.Next(Sample.Listing())]);
            await Eventually.HoldsAsync(() => anomalies.Inbox.States[0].Figures.Last == (ulong)i + 2, "it is read");
        }
        var seconds = clock.Elapsed.TotalSeconds;

        // One for each second that has begun, and one for the rest at the end.
        await LastAsync(Events + 1);
        ((await WritesAsync()) - before).Should().BeLessThanOrEqualTo((long)Math.Ceiling(seconds) + 2).And.BeLessThan(Events / 2);
        // What is written is exact: row numbers and counts go on as if each batch had been written.
        (await anomalies.QueryAsync("SELECT next_row, applied FROM partition_progress WHERE partition_no = 0"))
            .Single()
            .Should()
            .Equal(Events + 2L, Events + 1L);

        // And what is found is there at once.
        var cheap = Sample.Listing(1, "1");
        await TopicLog.ProduceAsync(kafka.BootstrapServers, [log.Next(Sample.Listing()), log.Next(cheap)]);
        await Eventually.HoldsAsync(async () => (await anomalies.FoundAsync()).Count == 1, "it is found");
        (await anomalies.QueryAsync("SELECT last_seq FROM partition_progress WHERE partition_no = 0"))
            .Single()[0]
            .Should()
            .Be((ulong)Events + 3);

        Task LastAsync(int seq) =>
            Eventually.HoldsAsync(
                async () =>
                    await anomalies.QueryAsync("SELECT last_seq FROM partition_progress WHERE partition_no = 0") is [[ulong last]]
                    && last == (ulong)seq,
                $"progress says {seq}"
            );

        // Every write of the row is a batch of the inbox.
        async Task<long> WritesAsync() => await Task.FromResult(anomalies.Inbox.States[0].Figures.Batches);
    }
}
