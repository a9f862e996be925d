using System.Net;
using System.Text.Json;
using ReaderSupport;
using TestSupport;

namespace Storage.Tests;

/// <summary>Section 4 of the Runify contract, row by row, with Runify alone.</summary>
public sealed class RunifyContractTests(MariaDbFixture fixture)
{
    private const string Window = "start_timestamp=2020-01-01T00:00:00Z&end_timestamp=2100-01-01T00:00:00Z";

    /// <summary>Section and case, method and path, status, and what the body begins with or the detail says.</summary>
    public static IReadOnlyList<(string Section, string Method, string Path, int Status, string Says)> Routes { get; } =
    [
        ("4: runs", "GET", $"/storage/stats/running?{Window}", 200, """[{"id":1,"user_id":"u-1","duration":3600,"""),
        ("1: short form", "GET", $"/stats/running?{Window}", 200, """[{"id":1,"user_id":"u-1","""),
        ("1: a slash at the end", "GET", $"/storage/stats/running/?{Window}", 200, """[{"id":1,"""),
        ("4: songs", "GET", $"/storage/stats/music?{Window}", 200, """[{"id":1,"user_id":"u-2","song_name":"Run Boy Run","""),
        ("1: short form, songs", "GET", $"/stats/music?{Window}", 200, """[{"id":1,"""),
        ("4: start is required", "GET", "/storage/stats/running?end_timestamp=2100-01-01T00:00:00Z", 400, "Missing query parameter"),
        ("4: end is required", "GET", "/storage/stats/music?start_timestamp=2100-01-01T00:00:00Z", 400, "Missing query parameter"),
        ("1.1: no time", "GET", "/stats/running?start_timestamp=now&end_timestamp=2100-01-01T00:00:00Z", 400, "start_timestamp"),
        ("1.1: without Z", "GET", "/stats/running?start_timestamp=2020-01-01T00:00:00&end_timestamp=2100-01-01T00:00:00", 200, "[{"),
        ("1.1: fraction", "GET", "/stats/running?start_timestamp=2020-01-01T00:00:00.001Z&end_timestamp=2100-01-01T00:00:00Z", 200, "[{"),
        ("1.1: offset", "GET", "/stats/running?start_timestamp=2020-01-01T00:00:00%2B02:00&end_timestamp=2100-01-01T00:00:00Z", 200, "[{"),
        ("1.1: a space", "GET", "/stats/running?start_timestamp=2020-01-01+00:00:00&end_timestamp=2100-01-01%2000:00:00", 200, "[{"),
        ("4: an empty window", "GET", "/stats/running?start_timestamp=2020-01-01T00:00:00Z&end_timestamp=2020-01-01T00:00:00Z", 200, "[]"),
        ("4: counts", "GET", "/storage/stats", 200, """{"num_running_stats":1,"num_music_info":1}"""),
        ("1: counts, short form", "GET", "/stats", 200, """{"num_running_stats":1,"num_music_info":1}"""),
        ("4: ids", "GET", "/storage/stats/running/ids", 200, """[{"event_id":"u-1","trace_id":"""),
        ("4: ids of songs", "GET", "/stats/music/ids?limit=1", 200, """[{"event_id":"u-2","trace_id":"""),
        ("4: no POST", "POST", "/storage/stats/running", 405, ""),
        ("2: unknown parameter", "GET", "/storage/stats?x=1", 400, "x"),
        ("1: API document", "GET", "/storage/openapi.json", 200, "{"),
        ("1: API page", "GET", "/storage/ui/", 200, "<!doctype html>"),
        ("the other system", "GET", "/storage/site/listings", 404, ""),
        ("the other system's counts", "GET", "/storage/site/events/count", 404, ""),
    ];

    [Fact]
    public async Task Every_row_of_the_contract_is_answered_as_it_says()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server, "Systems=runify");
        var log = new TopicLog();
        await storage.Inbox.ApplyAsync(0, [log.Next(Sample.Run()), log.Next(Sample.Song()), log.Next(Sample.Listing())]);
        foreach (var (section, method, path, status, says) in Routes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var reply = await storage.Client.SendAsync(request);
            var text = await reply.Content.ReadAsStringAsync();

            ((int)reply.StatusCode).Should().Be(status, $"{section}: {text}");
            if (status >= 400)
                (
                    text.StartsWith("""{"type":"about:blank","title":""", StringComparison.Ordinal)
                    && text.Contains(says, StringComparison.Ordinal)
                )
                    .Should()
                    .BeTrue($"{section}: {text}");
            else
                text.Should().StartWith(says, section);
        }
    }

    [Fact]
    public async Task Rows_have_exactly_the_contracts_keys_and_whole_numbers_no_fraction()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server, "Systems=runify");
        var log = new TopicLog();
        var (whole, fraction, song) = (Sample.Run("5000.0"), Sample.Run("5000.123456789"), Sample.Song("180.25"));
        await storage.Inbox.ApplyAsync(0, [log.Next(whole), log.Next(fraction), log.Next(song)]);

        var runs = await storage.Client.GetStringAsync($"/storage/stats/running?{Window}");
        var songs = await storage.Client.GetStringAsync($"/storage/stats/music?{Window}");

        const string Created = @"""date_created"":""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ""";
        runs.Should()
            .MatchRegex(
                $$"""^\[\{"id":1,"user_id":"u-1","duration":3600,"distance":5000,"timestamp":"2024-09-10T09:12:33\.001Z","trace_id":"{{whole.TraceId}}",{{Created}}\},\{"id":2,"""
            )
            .And.Contain("\"distance\":5000.123456789,");
        songs
            .Should()
            .MatchRegex(
                $$"""^\[\{"id":1,"user_id":"u-2","song_name":"Run Boy Run","artist":"Woodkid","song_duration":180\.25,"timestamp":"whenever","trace_id":"{{song.TraceId}}",{{Created}}\}\]$"""
            );
    }

    [Fact]
    public async Task A_window_is_half_open_on_the_time_of_storing_and_pages_have_no_gap()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server, "Systems=runify");
        var log = new TopicLog();
        var runs = Enumerable.Range(0, 25).Select(_ => Sample.Run()).ToList();
        foreach (var run in runs)
            await storage.Inbox.ApplyAsync(0, [log.Next(run)]);
        var stored = (await storage.QueryAsync("SELECT date_created FROM running_data ORDER BY id"))
            .Select(row => (DateTime)row[0]!)
            .ToList();

        var between = await storage.RowsAsync(
            $"/stats/running?start_timestamp={stored[3]:yyyy-MM-ddTHH:mm:ss.ffffffZ}&end_timestamp={stored[7]:yyyy-MM-ddTHH:mm:ss.ffffffZ}"
        );
        between.Select(row => row.GetProperty("trace_id").GetString()).Should().Equal(runs[3..7].Select(run => run.TraceId));

        var paged = new List<string>();
        string? after = null;
        while (true)
        {
            using var reply = await storage.Client.GetAsync(
                $"/storage/stats/running?{Window}&limit=10{(after is null ? "" : $"&after={after}")}"
            );
            var rows = await StorageHost.RowsAsync(reply);
            if (rows.Count == 0)
                break;
            paged.AddRange(rows.Select(row => row.GetProperty("trace_id").GetString()!));
            after = reply.Headers.GetValues("X-Next-After").Single();
        }
        paged.Should().Equal(runs.Select(run => run.TraceId));
    }

    [Fact]
    public async Task With_both_systems_on_each_has_its_own_paths()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        await storage.Inbox.ApplyAsync(0, [log.Next(Sample.Run()), log.Next(Sample.Listing())]);

        (await storage.Client.GetStringAsync("/storage/stats")).Should().Be("""{"num_running_stats":1,"num_music_info":0}""");
        (await storage.Client.GetStringAsync("/storage/site/events/count")).Should().Be("""{"listings":1,"bids":0}""");
    }

    [Fact]
    public async Task With_real_estate_alone_there_is_no_path_of_Runify()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server, "Systems=real_estate");

        foreach (var path in new[] { "/stats", "/storage/stats", $"/stats/running?{Window}", $"/storage/stats/music?{Window}" })
            (await storage.Client.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.NotFound, path);
    }
}
