using System.Net;
using System.Text.Json;
using Contracts;
using Microsoft.Extensions.Configuration;
using ReaderSupport;
using TestSupport;

namespace Anomalies.Tests;

/// <summary>Section 7 of the Runify contract: what a table of requests and replies cannot say (Contract.Tests has that).</summary>
public sealed class RunifyContractTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task An_anomaly_has_the_contracts_keys_and_names_value_unit_and_limit()
    {
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server, "Systems=runify");
        var run = Sample.Run("u-1", duration: "1", distance: "50000");
        var song = Sample.Song("u-2", "1200.5");
        var log = new TopicLog();
        await anomalies.Inbox.ApplyAsync(0, [log.Next(run), log.Next(song)]);

        var text = await anomalies.Client.GetStringAsync("/anomaly/anomalies");

        AnomaliesHost.Keys(text).Should().Equal("event_id", "trace_id", "event_type", "anomaly_type", "description", "timestamp");
        using var found = JsonDocument.Parse(text);
        found
            .RootElement.EnumerateArray()
            .Select(anomaly => string.Join('|', anomaly.EnumerateObject().Take(5).Select(key => key.Value.GetString())))
            .Should()
            .Equal(
                $"u-2|{song.TraceId}|music_info|LongSong|Song duration of 1200.5s exceeds maximum threshold of 900s",
                $"u-1|{run.TraceId}|running_stats|ShortRun|Run duration of 1s is below minimum threshold of 300s",
                $"u-1|{run.TraceId}|running_stats|LongRun|Run distance of 50000m exceeds maximum threshold of 42000m"
            );
        found.RootElement[0].GetProperty("timestamp").GetString().Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
        // Whoever reads the file has the same.
        await Eventually.HoldsAsync(
            async () =>
                File.Exists(Path.Combine(anomalies.Folder, "data.json"))
                && await File.ReadAllTextAsync(Path.Combine(anomalies.Folder, "data.json")) == text,
            "the document is written"
        );
    }

    [Fact]
    public async Task The_limits_are_strict_a_repeat_adds_nothing_and_a_filter_that_matches_none_is_an_empty_list()
    {
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server, "Systems=runify");
        var log = new TopicLog();
        var strange = Sample.Run(distance: "42001");
        var records = new[]
        {
            log.Next(Sample.Run(duration: "300", distance: "42000")),
            log.Next(Sample.Song(duration: "30")),
            log.Next(Sample.Song(duration: "900")),
            log.Next(strange),
        };

        await anomalies.Inbox.ApplyAsync(0, records);
        await anomalies.Inbox.ApplyAsync(0, records);
        await anomalies.Inbox.ApplyAsync(1, [log.Foreign(Envelope.Write(strange), 1)]);

        (await anomalies.FoundAsync()).Should().Equal(strange.TraceId);
        (await anomalies.Client.GetStringAsync("/anomaly/anomalies?anomaly_type=ShortSong")).Should().Be("[]");
    }

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_without_a_gap()
    {
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server, "Systems=runify");
        var log = new TopicLog();
        var songs = Enumerable.Range(0, 25).Select(_ => Sample.Song(duration: "1")).ToList();
        await anomalies.Inbox.ApplyAsync(0, [.. songs.Select(song => log.Next(song))]);

        var found = new List<string>();
        var after = "";
        while (true)
        {
            using var reply = await anomalies.Client.GetAsync($"/anomalies?limit=10{after}");
            using var page = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
            if (page.RootElement.GetArrayLength() == 0)
                break;
            found.AddRange(page.RootElement.EnumerateArray().Select(anomaly => anomaly.GetProperty("trace_id").GetString()!));
            after = $"&after={reply.Headers.GetValues("X-Next-After").Single()}";
        }

        found.Should().Equal(songs.Select(song => song.TraceId).Reverse());
        (await anomalies.Client.GetAsync($"/anomalies?limit=1{after[..^4]}AAAA")).IsSuccessStatusCode.Should().BeFalse();
    }

    [Fact]
    public async Task With_both_systems_on_each_name_has_its_own_contract_and_the_short_path_the_anomalies_of_both()
    {
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        await anomalies.Inbox.ApplyAsync(0, [log.Next(Sample.Listing(1, "1"))]);
        await anomalies.Inbox.ApplyAsync(0, [log.Next(Sample.Song(duration: "1"))]);
        await anomalies.Inbox.ApplyAsync(0, [log.Next(Sample.Bid(2, "9", "1"))]);
        await anomalies.Client.PutAsync("/anomaly_detector/update", null);

        Kinds(await anomalies.Client.GetStringAsync("/anomaly_detector/anomalies")).Should().Equal("Too Low", "Too Low");
        AnomaliesHost
            .Keys(await anomalies.Client.GetStringAsync("/anomaly_detector/anomalies?event_type=bids"))
            .Should()
            .Equal("event_id", "trace_id", "event_type", "anomaly_type", "description");
        Kinds(await anomalies.Client.GetStringAsync("/anomaly/anomalies")).Should().Equal("ShortSong");
        Kinds(await anomalies.Client.GetStringAsync("/anomalies")).Should().Equal("Too Low", "ShortSong", "Too Low");
        Kinds(await anomalies.Client.GetStringAsync("/anomalies?event_type=music_info")).Should().Equal("ShortSong");
        Kinds(await anomalies.Client.GetStringAsync("/anomalies?anomaly_type=Too%20Low")).Should().HaveCount(2);
        (await anomalies.Client.GetAsync("/anomalies?event_type=cars")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task With_real_estate_alone_there_is_no_path_of_Runify()
    {
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server, "Systems=real_estate");

        (await anomalies.Client.GetAsync("/anomaly/anomalies")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await anomalies.Client.GetAsync("/anomalies?anomaly_type=LongRun")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("thresholds:running:max_distance", "far")]
    [InlineData("thresholds:running:min_duration", "-1")]
    [InlineData("thresholds:music:max_duration", "1e3")]
    [InlineData("thresholds:music:min_duration", "1,5")]
    public void A_wrong_limit_stops_the_start_with_a_sentence_that_names_it(string name, string value)
    {
        var starting = () => AnomaliesService.Build([$"--{name}={value}", "--ConnectionStrings:MySql=Server=127.0.0.1;User ID=x"]);

        starting
            .Should()
            .Throw<ServiceDefaults.SettingException>()
            .WithMessage($"Setting {name} is '{value}': it must be a number from 0 to *");
    }

    [Fact]
    public async Task A_changed_limit_holds_for_what_comes_after_it_and_one_that_makes_no_sense_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "settings.json");
        await File.WriteAllTextAsync(file, "{}");
        await using var anomalies = await AnomaliesHost.StartAsync(fixture.Server, "Systems=runify");
        anomalies.Configuration.AddJsonFile(file, optional: false, reloadOnChange: false);
        var log = new TopicLog();

        await File.WriteAllTextAsync(file, """{"thresholds":{"running":{"min_duration":"10.5"},"music":{"max_duration":"60"} } }""");
        await HealthAsync("RunMinDuration = 10.5");
        await anomalies.Inbox.ApplyAsync(0, [log.Next(Sample.Run(duration: "299")), log.Next(Sample.Song(duration: "61"))]);
        Kinds(await anomalies.Client.GetStringAsync("/anomalies")).Should().Equal("LongSong");

        await File.WriteAllTextAsync(file, """{"thresholds":{"music":{"max_duration":"60","min_duration":"61"} } }""");
        await HealthAsync("thresholds:music:min_duration is above thresholds:music:max_duration");
        await anomalies.Inbox.ApplyAsync(0, [log.Next(Sample.Run(duration: "11"))]);
        Kinds(await anomalies.Client.GetStringAsync("/anomalies")).Should().Equal("LongSong");

        Task HealthAsync(string text) =>
            Eventually.HoldsAsync(
                async () =>
                    (await (await anomalies.Client.GetAsync("/health")).Content.ReadAsStringAsync()).Contains(
                        text,
                        StringComparison.Ordinal
                    ),
                $"health says {text}"
            );
    }

    private static List<string> Kinds(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(anomaly => anomaly.GetProperty("anomaly_type").GetString()!)];
    }
}
