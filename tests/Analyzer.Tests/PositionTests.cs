using Contracts;
using KafkaMySql;
using ReaderSupport;
using TestSupport;

namespace Analyzer.Tests;

public sealed class PositionsOnMariaDb(MariaDbFixture fixture) : PositionTests(fixture);

[Collection(OnMySql.Name)]
public sealed class PositionsOnMySql(MySqlFixture fixture) : PositionTests(fixture);

/// <summary>A position is given once and stays, whatever comes again.</summary>
public abstract class PositionTests(DatabaseFixture fixture)
{
    private readonly TopicLog _log = new();

    [Fact]
    public async Task Positions_count_from_zero_without_gaps_for_each_type_over_all_partitions()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server);

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async partition =>
                {
                    var log = new TopicLog();
                    for (var batch = 0; batch < 10; batch++)
                        await analyzer.Inbox.ApplyAsync(
                            partition,
                            [
                                .. Enumerable
                                    .Range(0, 20)
                                    .Select(i =>
                                        log.Next(
                                            i % 3 == 0 ? Sample.Bid(i)
                                                : i % 7 == 0 ? Sample.Run()
                                                : Sample.Listing(i),
                                            partition
                                        )
                                    ),
                            ]
                        );
                })
        );

        var heads = await analyzer.QueryAsync("SELECT type_id, next_position, events FROM position_head ORDER BY type_id");
        heads
            .Select(row => (Convert.ToInt32(row[0], null), (long)row[1]!, (long)row[2]!))
            .Should()
            .Equal((1, 440, 440), (2, 280, 280), (3, 80, 80));
        foreach (var head in heads)
        {
            var positions = await analyzer.QueryAsync($"SELECT position FROM event_index WHERE type_id = {head[0]} ORDER BY position");
            positions
                .Select(row => (long)row[0]!)
                .Should()
                .Equal(Enumerable.Range(0, (int)(long)head[1]!).Select(position => (long)position));
        }
        // Within a partition they follow the log.
        (
            await analyzer.QueryAsync(
                "SELECT COUNT(*) FROM event_index a JOIN event_index b ON a.type_id = b.type_id AND a.partition_no = b.partition_no AND a.seq < b.seq AND a.position > b.position"
            )
        )
            .Single()[0]
            .Should()
            .Be(0L);
    }

    [Fact]
    public async Task They_stay_over_restarts_rewinds_and_events_sent_again()
    {
        var database = await fixture.Server.NewDatabaseAsync("reader");
        var records = Enumerable.Range(1, 20).Select(id => _log.Next(Sample.Listing(id))).ToArray();
        List<long> given;
        await using (var analyzer = await AnalyzerHost.StartOnAsync(database))
        {
            await analyzer.DatabaseReadyAsync();
            await analyzer.Inbox.ApplyAsync(0, records[..10]);
            given = await analyzer.TraceIdsAsync("/site/listings/ids");
        }
        await using (var analyzer = await AnalyzerHost.StartOnAsync(database))
        {
            await analyzer.DatabaseReadyAsync();
            // The relay goes back to the beginning, a record comes twice, and one comes too early.
            await analyzer.Inbox.ApplyAsync(0, [.. records[..5], records[15], .. records[3..12]]);
            await analyzer.Inbox.ApplyAsync(0, records);

            (await analyzer.TraceIdsAsync("/site/listings/ids"))[..10].Should().Equal(given);
            (await analyzer.QueryAsync("SELECT seq FROM event_index WHERE type_id = 1 ORDER BY position"))
                .Select(row => (ulong)row[0]!)
                .Should()
                .Equal(Enumerable.Range(1, 20).Select(seq => (ulong)seq));
            (await analyzer.Client.GetStringAsync("/site/listings?index=9")).Should().StartWith("""[{"listing_id":10,""");
            (await analyzer.Client.GetStringAsync("/stats")).Should().StartWith("""{"Listings":20,"Bids":0""");
        }
    }

    [Fact]
    public async Task A_strangers_event_keeps_its_position_when_the_log_brings_it_with_its_coordinate()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server);
        var first = Sample.Listing(1);
        await analyzer.Inbox.ApplyAsync(0, [_log.Foreign(Envelope.Write(first)), _log.Next(Sample.Listing(2))]);

        await analyzer.Inbox.ApplyAsync(3, [_log.Next(first, 3), _log.Next(Sample.Listing(3), 3)]);
        await analyzer.Inbox.ApplyAsync(1, [_log.Foreign(Envelope.Write(first), 1)]);

        var row = (
            await analyzer.QueryAsync(
                $"SELECT position, partition_no, seq, bucket, topic_offset FROM event_index WHERE trace_id = '{first.TraceId}'"
            )
        ).Single();
        row.Select(value => Convert.ToInt64(value, null)).Should().Equal(0, 3, 1, 0, 0);
        (await analyzer.Client.GetStringAsync("/stats")).Should().StartWith("""{"Listings":3,"Bids":0""");
    }

    [Fact]
    public async Task Two_types_may_hold_the_same_strange_trace_id_and_another_content_is_a_conflict()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server);

        await analyzer.Inbox.ApplyAsync(
            0,
            [
                _log.Foreign(Envelope.Write(Sample.Listing(1, traceId: 5))),
                _log.Foreign(Envelope.Write(Sample.Bid(1, traceId: 5))),
                _log.Foreign(Envelope.Write(Sample.Listing(2, traceId: 5))),
            ]
        );

        (await analyzer.Client.GetStringAsync("/stats")).Should().StartWith("""{"Listings":1,"Bids":1""");
        (await analyzer.QueryAsync("SELECT reason FROM dead_letter"))
            .Single()[0]
            .Should()
            .BeOfType<string>()
            .Which.Should()
            .StartWith("conflict");
    }

    [Fact]
    public async Task An_entry_taken_away_by_hand_leaves_a_hole_and_comes_back_at_the_end()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server);
        var listing = Sample.Listing(2);
        await analyzer.Inbox.ApplyAsync(0, [_log.Next(Sample.Listing(1)), _log.Next(listing), _log.Next(Sample.Listing(3))]);
        await analyzer.QueryAsync($"DELETE FROM event_index WHERE trace_id = '{listing.TraceId}'");

        await analyzer.Inbox.ApplyAsync(0, [_log.Own(listing, 0, 2, 1, (LogHeaders.Repair, "1"))]);

        (await analyzer.Client.GetStringAsync("/stats")).Should().StartWith("""{"Listings":3,""");
        (await analyzer.Client.GetStringAsync("/site/listings?index=3")).Should().Contain($"{listing.TraceId}");
        (await analyzer.TraceIdsAsync("/site/listings/ids?limit=10")).Should().HaveCount(3).And.EndWith(listing.TraceId);

        // A head that is gone is made again behind what is there.
        await analyzer.QueryAsync("DELETE FROM position_head");
        await analyzer.Inbox.ApplyAsync(0, [_log.Next(Sample.Listing(4))]);
        (await analyzer.Client.GetStringAsync("/site/listings?index=4")).Should().StartWith("""[{"listing_id":4,""");
        (await analyzer.Client.GetStringAsync("/stats")).Should().StartWith("""{"Listings":4,""");
    }

    [Fact]
    public async Task A_cursor_of_a_restored_database_is_refused()
    {
        await using var analyzer = await AnalyzerHost.StartAsync(fixture.Server);
        await analyzer.Inbox.ApplyAsync(0, [.. Enumerable.Range(1, 5).Select(id => _log.Next(Sample.Listing(id)))]);
        using var page = await analyzer.Client.GetAsync("/site/listings/ids?limit=5");
        var after = page.Headers.GetValues("X-Next-After").Single();
        (await analyzer.TraceIdsAsync($"/site/listings/ids?after={after}")).Should().BeEmpty();

        await analyzer.QueryAsync("UPDATE event_index SET trace_id = '1' WHERE position = 4");

        (await analyzer.Client.GetAsync($"/site/listings/ids?after={after}")).StatusCode.Should().Be(System.Net.HttpStatusCode.Gone);
    }
}
