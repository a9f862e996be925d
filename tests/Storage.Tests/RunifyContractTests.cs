using System.Net;
using ReaderSupport;
using TestSupport;

namespace Storage.Tests;

/// <summary>Section 4 of the Runify contract: what a table of requests and replies cannot say (Contract.Tests has that).</summary>
public sealed class RunifyContractTests(MariaDbFixture fixture)
{
    private const string Window = "start_timestamp=2020-01-01T00:00:00Z&end_timestamp=2100-01-01T00:00:00Z";

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
