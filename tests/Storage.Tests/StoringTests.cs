using Contracts;
using CsCheck;
using MassTransit.Kafka.Extensions;
using ReaderSupport;
using Storage.Persistence;
using TestSupport;
using TestSupport.Events;

namespace Storage.Tests;

public sealed class StoringOnMariaDb(MariaDbFixture fixture) : StoringTests(fixture);

[Collection(OnMySql.Name)]
public sealed class StoringOnMySql(MySqlFixture fixture) : StoringTests(fixture);

public abstract class StoringTests(DatabaseFixture fixture)
{
    [Fact]
    public async Task Every_event_the_contract_allows_can_be_stored_and_its_row_has_the_digest_of_its_record()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var messages = new List<EventMessage>();
        Check.Sample(EventGenerator.Message.Array[100], batch => messages.AddRange(batch), iter: 10, threads: 1);
        messages = [.. messages.DistinctBy(message => message.Identity)];
        var log = new TopicLog();

        foreach (var batch in messages.Select(message => log.Next(message)).Chunk(500))
            await storage.Inbox.ApplyAsync(0, batch);

        var stored = 0;
        foreach (var table in EventTableNames.All)
        {
            var columns = string.Join(", ", table.Type.Fields.Select(field => $"`{field.Name}`"));
            var rows = await storage.QueryAsync($"SELECT {columns}, digest, CAST(trace_id AS CHAR) FROM {table.Table}");
            var expected = messages.Where(message => EventCatalog.Of(message) == table.Type).ToDictionary(message => message.Identity);
            rows.Should().HaveCount(expected.Count);
            foreach (var row in rows)
            {
                var traceId = (string)row[^1]!;
                table.Type.Digest(traceId, row.AsSpan(..^2)).Should().Be(table.Type.Digest(expected[traceId]), $"{table.Table} {traceId}");
                row[^2].Should().Be(table.Type.Digest(expected[traceId]));
            }
            stored += rows.Count;
        }
        stored.Should().Be(messages.Count);
        (await storage.QueryAsync("SELECT COUNT(*) FROM dead_letter")).Single()[0].Should().Be(0L);
    }

    [Fact]
    public async Task Rows_carry_coordinate_number_bucket_and_the_time_of_storing()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var first = Sample.Listing(extra: ""","listing_post":"1999-01-01T00:00:00Z" """);
        await storage.Inbox.ApplyAsync(2, [log.Next(first, 2), log.Next(Sample.Bid(), 2), log.Next(Sample.Listing(), 2)]);

        var rows = await storage.QueryAsync(
            "SELECT partition_no, seq, bucket, row_partition, row_no, TIMESTAMPDIFF(SECOND, ingested_at, UTC_TIMESTAMP(6)), listing_price FROM listings ORDER BY id"
        );

        rows.Should().HaveCount(2);
        rows.Select(row => Convert.ToInt64(row[1], null)).Should().Equal(1, 3);
        rows.Select(row => (long)row[4]!).Should().Equal(1, 3);
        rows.Should()
            .OnlyContain(row =>
                Convert.ToInt32(row[0], null) == 2 && Convert.ToInt32(row[3], null) == 2 && Convert.ToInt64(row[2], null) == 0
            );
        rows.Should().OnlyContain(row => Math.Abs((long)row[5]!) < 60);
        // The message keeps what the client sent, the row rounds.
        rows.Should().OnlyContain(row => (decimal)row[6]! == 600000.01m);
    }

    [Fact]
    public async Task An_event_that_comes_again_is_stored_once_and_counted_once()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var records = new[] { log.Next(Sample.Listing()), log.Next(Sample.Bid()) };
        var foreign = log.Foreign(Envelope.Write(Sample.Listing()));

        await storage.Inbox.ApplyAsync(0, records);
        await storage.Inbox.ApplyAsync(0, records);
        await storage.Inbox.ApplyAsync(0, [foreign]);
        await storage.Inbox.ApplyAsync(
            1,
            [
                new RawRecord
                {
                    Topic = "events",
                    Partition = 1,
                    Offset = 0,
                    Timestamp = DateTime.UtcNow,
                    Value = foreign.Value,
                },
            ]
        );

        (await storage.Client.GetStringAsync("/storage/site/events/count")).Should().Be("""{"listings":2,"bids":1}""");
        (await storage.TraceIdsAsync("/storage/site/listings/ids")).Should().OnlyHaveUniqueItems().And.HaveCount(2);
    }

    [Fact]
    public async Task A_foreign_row_that_gets_its_coordinate_keeps_its_place_in_the_list()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var message = Sample.Listing();
        var earlier = Sample.Listing();
        await storage.Inbox.ApplyAsync(1, [log.Next(earlier, 1)]);
        await storage.Inbox.ApplyAsync(0, [log.Foreign(Envelope.Write(message), 0)]);

        // The log's own record comes in another partition, where a row of the same number stands already.
        await storage.Inbox.ApplyAsync(1, [log.Next(message, 1)]);

        var row = (
            await storage.QueryAsync($"SELECT partition_no, seq, row_partition, row_no FROM listings WHERE trace_id = {message.TraceId}")
        ).Single();
        row.Select(value => Convert.ToInt64(value, null)).Should().Equal(1, 2, 0, 1);
        (await storage.TraceIdsAsync("/site/listings/ids?limit=10")).Should().Equal(earlier.TraceId, message.TraceId);
        (await storage.Client.GetStringAsync("/site/events/count")).Should().Be("""{"listings":2,"bids":0}""");
    }

    [Fact]
    public async Task The_counts_equal_the_rows_of_all_types()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        for (var partition = 0; partition < 4; partition++)
        {
            var records = Enumerable
                .Range(0, 30)
                .Select(i => i % 3 == 0 ? log.Next(Sample.Bid(), partition) : log.Next(Sample.Listing(), partition));
            await storage.Inbox.ApplyAsync(partition, [.. records]);
        }

        (await storage.Client.GetStringAsync("/site/events/count")).Should().Be("""{"listings":80,"bids":40}""");
        (await storage.QueryAsync("SELECT COUNT(*) FROM listings")).Single()[0].Should().Be(80L);
    }
}
