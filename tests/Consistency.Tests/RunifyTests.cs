using System.Text.Json;
using TestSupport;
using static TestSupport.StoredRows;

namespace Consistency.Tests;

/// <summary>The comparison of Runify's types.</summary>
public sealed class RunifyTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task Runs_and_songs_are_compared_and_an_edited_or_lost_row_is_named()
    {
        await using var deck = await Deck.StartAsync(fixture.Server, "Systems=runify");
        var (lost, edited) = (Run("5000.5", "3600"), Song("180.25"));
        await deck.AddAsync(0, Run("1", "2"), lost, edited);
        await deck.AddAsync(1, Song("3"));

        await deck.Check.UpdateAsync();
        (await deck.Check.OpenAsync()).Should().BeEmpty();
        var counts = (await deck.Check.ChecksAsync()).GetProperty("counts").ToString();
        counts
            .Should()
            .Be(
                """{"db":{"running_stats":2,"music_info":2},"queue":{"running_stats":2,"music_info":2},"processing":{"running_stats":2,"music_info":2}}"""
            );

        await deck.Storage.Rows.ExecuteAsync($"DELETE FROM running_data WHERE trace_id = '{lost.TraceId}'");
        await deck.Storage.Rows.ExecuteAsync($"UPDATE music_data SET song_duration = 180 WHERE trace_id = '{edited.TraceId}'");
        await deck.Check.UpdateAsync();

        (await deck.Check.OpenAsync()).Should().BeEquivalentTo([("missing_in_db", lost.TraceId), ("different", edited.TraceId)]);
        (await deck.Check.ChecksAsync())
            .GetProperty("missing_in_db")
            .ToString()
            .Should()
            .Be($$"""[{"event_id":"d290f1ee-6c54-4b01-90e6-d701748f0851","trace_id":"{{lost.TraceId}}","type":"running_stats"}]""");
    }

    [Fact]
    public async Task With_both_systems_on_the_result_is_of_both()
    {
        await using var deck = await Deck.StartAsync(fixture.Server, "Systems=both");
        await deck.AddAsync(0, Run("1", "2"), Listing(1), Song("3"));

        await deck.Check.UpdateAsync();

        (await deck.Check.ChecksAsync())
            .GetProperty("counts")
            .GetProperty("db")
            .ToString()
            .Should()
            .Be("""{"listings":1,"bids":0,"running_stats":1,"music_info":1}""");
    }
}
