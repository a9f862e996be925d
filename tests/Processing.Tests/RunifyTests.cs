using Contracts;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;
using static TestSupport.StoredRows;

namespace Processing.Tests;

/// <summary>Section 5 of the Runify contract, against a real Storage on a real database; Contract.Tests has its rows.</summary>
public sealed class RunifyTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task The_five_values_are_of_all_events_each_counted_once_and_not_rounded()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url, "Systems=runify", "scheduler:interval=0");
        await storage.Rows.AddAsync(0, Run("9964", "3000"), Song("180"));
        await processing.CycleAsync(EventSystem.Runify);
        await storage.Rows.AddAsync(1, Run("12.5", "5994"), Run("100", "1"), Song("181"), Song("100"));
        await processing.CycleAsync(EventSystem.Runify);
        await processing.CycleAsync(EventSystem.Runify);

        var text = await processing.Client.GetStringAsync("/processing/stats");

        text.Should()
            .MatchRegex(
                """^\{"num_running_stats":3,"num_music_info":3,"max_distance":9964,"max_run_distance":9964,"max_duration":5994,"avg_run_duration":2998\.3333333333335,"avg_song_duration":153\.66666666666666,"last_updated":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}$"""
            );
        (await File.ReadAllTextAsync(processing.Document)).Should().Be(text);
        (await processing.RecomputeAsync()).GetProperty("equal").GetBoolean().Should().BeTrue();
        (await processing.Client.GetStringAsync("/stats"))[..^30].Should().Be(text[..^30]);
    }

    [Fact]
    public async Task Without_events_every_value_is_0()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url, "Systems=runify", "scheduler:interval=0");

        await processing.CycleAsync(EventSystem.Runify);

        (await processing.Client.GetStringAsync("/stats"))
            .Should()
            .StartWith(
                """{"num_running_stats":0,"num_music_info":0,"max_distance":0,"max_run_distance":0,"max_duration":0,"avg_run_duration":0,"avg_song_duration":0,"""
            );
    }

    [Fact]
    public async Task With_both_systems_on_the_keys_are_of_both_and_the_time_is_the_earlier_in_Runifys_shape()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url, "Systems=both", "scheduler:interval=0");
        await storage.Rows.AddAsync(0, Listing(5), Run("5000", "3600"));

        await processing.CycleAsync(EventSystem.RealEstate);
        (await processing.Client.GetStringAsync("/stats"))
            .Should()
            .Be(
                """{"num_listings":1,"num_bids":0,"num_running_stats":0,"num_music_info":0,"max_listing_price":5.0,"max_offer_price":0.0,"max_distance":0,"max_run_distance":0,"max_duration":0,"avg_run_duration":0,"avg_song_duration":0,"last_updated":"2000-01-01T00:00:00Z"}"""
            );
        await processing.CycleAsync(EventSystem.Runify);

        (await processing.Client.GetStringAsync("/processing/stats"))
            .Should()
            .MatchRegex(
                """^\{"num_listings":1,"num_bids":0,"num_running_stats":1,"num_music_info":0,"max_listing_price":5\.0,.*"max_distance":5000,.*"last_updated":"20(?!00)\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}$"""
            );
    }

    [Theory]
    [InlineData("Systems=runify", "", "*/30 * * * * *")]
    [InlineData("Systems=runify", "scheduler:period_sec=15", "*/15 * * * * *")]
    [InlineData("Systems=both", "", "*/10 * * * * *")]
    public async Task It_counts_every_30_s_with_Runify_alone_and_the_older_key_says_otherwise(string systems, string more, string cron)
    {
        string[] settings = more.Length == 0 ? [systems] : [systems, more];
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, "http://127.0.0.1:1/storage", settings);

        await Eventually.HoldsAsync(
            () =>
                processing.App.Services.GetRequiredService<JobStorage>().GetConnection() is Hangfire.Storage.JobStorageConnection jobs
                && Hangfire.Storage.StorageConnectionExtensions.GetRecurringJobs(jobs).Find(job => job.Id == "statistics-Runify")?.Cron
                    == cron,
            $"the job is due at {cron}"
        );
    }
}
