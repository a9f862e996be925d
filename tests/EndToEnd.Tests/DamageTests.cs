using Confluent.Kafka;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>
/// What somebody does by hand to databases and topic while every service is real: exactly that is named, nothing else, and no longer once it
/// is mended. Each test leaves everything in order.
/// </summary>
public sealed class DamageTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private static readonly string[] LogTables = ["event_log", "partition_head", "relay", "idempotency"];

    private Deployment Platform => fixture.Platform;

    [Fact]
    public async Task Rows_and_index_entries_that_were_deleted_or_edited_are_named_until_they_are_mended()
    {
        using var gateway = new JsonClient(Platform.Gateways[0].Address);
        var events = await PostAsync(gateway, 1_000, 20);
        (Victim Victim, string Side, string Damage, string Named)[] damages =
        [
            (events[0], "tables", "DELETE FROM listings WHERE trace_id = {0}", "missing_in_db"),
            (events[1], "tables", "DELETE FROM bids WHERE trace_id = {0}", "missing_in_db"),
            (events[2], "tables", "UPDATE listings SET listing_price = listing_price + 1 WHERE trace_id = {0}", "different"),
            (events[3], "tables", "UPDATE bids SET bid_status = 'APPROVED' WHERE trace_id = {0}", "different"),
            (events[4], "index", "DELETE FROM event_index WHERE trace_id = '{0}'", "missing_in_queue"),
            (events[5], "index", "DELETE FROM event_index WHERE trace_id = '{0}'", "missing_in_queue"),
            (events[6], "index", "UPDATE event_index SET payload = REPLACE(payload, 'Condo', 'House') WHERE trace_id = '{0}'", "different"),
            (events[8], "tables", "DELETE FROM listings WHERE trace_id = {0}", "missing_in_both"),
            (events[8], "index", "DELETE FROM event_index WHERE trace_id = '{0}'", "missing_in_both"),
        ];
        await Deployment.ExecuteAsync(Platform.TableDatabase, CopyOf("listings") + CopyOf("bids"));
        await Deployment.ExecuteAsync(Platform.AnalyzerDatabase!, CopyOf("event_index"));

        foreach (var (victim, side, damage, _) in damages)
            await Deployment.ExecuteAsync(
                side == "tables" ? Platform.TableDatabase : Platform.AnalyzerDatabase!,
                string.Format(null, damage, victim.TraceId)
            );
        await gateway.PostAsync("consistency_check/update");

        await NamedAsync(gateway, damages.Select(damage => (damage.Named, damage.Victim)).Distinct());
        var checks = await gateway.GetAsync("consistency_check/checks");
        Listed(checks, "missing_in_db").Should().BeEquivalentTo(Of("missing_in_db").Concat(Of("missing_in_both")));
        Listed(checks, "missing_in_queue").Should().BeEquivalentTo(Of("missing_in_queue").Concat(Of("missing_in_both")));

        await Deployment.ExecuteAsync(Platform.TableDatabase, BackFrom("listings") + BackFrom("bids"));
        await Deployment.ExecuteAsync(Platform.AnalyzerDatabase!, BackFrom("event_index"));
        await InOrderAsync(gateway);

        IEnumerable<string> Of(string named) =>
            damages
                .Where(damage => damage.Named == named)
                .Select(damage => damage.Victim)
                .Distinct()
                .Select(victim => $$"""{"event_id":{{victim.Id}},"trace_id":"{{victim.TraceId}}","type":"{{victim.Type}}"}""");
    }

    [Fact]
    public async Task A_foreign_record_on_the_topic_is_an_event_and_a_row_that_came_around_the_topic_is_not()
    {
        using var gateway = new JsonClient(Platform.Gateways[0].Address);
        await PostAsync(gateway, 2_000, 2);
        var before = await CountsAsync(gateway);
        const long Foreign = 1_738_302_360_430_669_700;

        // As the original's own producers send: no key, no headers.
        using (
            var producer = new ProducerBuilder<Null, string>(
                new ProducerConfig { BootstrapServers = fixture.Kafka.BootstrapServers }
            ).Build()
        )
            await producer.ProduceAsync(
                fixture.Topic,
                new Message<Null, string>
                {
                    Value =
                        $$"""{"type":"listings","datetime":"2025-03-04 11:08:08","payload":{{EventClient.Listing(2_500)[..^1]}},"trace_id":{{Foreign}} } }""",
                }
            );
        await CountedAsync(gateway, before.Listings + 1, before.Bids);
        await InOrderAsync(gateway);

        await Deployment.ExecuteAsync(
            Platform.TableDatabase,
            """
            INSERT INTO bids (bidding_id, listing_id, asking_price, offer_price, property_square_feet, price_per_square_feet, bid_status, trace_id,
              partition_no, seq, bucket, digest, row_partition, row_no, ingested_at)
            VALUES (77, 1, 1, 1, 1, 1, 'APPROVED', 1234, 0, NULL, 11, 5, 0, 1000000, UTC_TIMESTAMP(6))
            """
        );
        await gateway.PostAsync("consistency_check/update");
        await NamedAsync(gateway, [("missing_in_queue", new Victim(77, "1234", "bids"))]);
        Listed(await gateway.GetAsync("consistency_check/checks"), "missing_in_queue")
            .Should()
            .Equal("""{"event_id":77,"trace_id":"1234","type":"bids"}""");

        await Deployment.ExecuteAsync(Platform.TableDatabase, "DELETE FROM bids WHERE trace_id = 1234");
        await InOrderAsync(gateway);
    }

    [Fact]
    public async Task A_log_that_is_older_than_its_readers_is_named_with_what_it_lost_and_goes_on()
    {
        using var gateway = new JsonClient(Platform.Gateways[0].Address);
        var receiver = Platform.Receivers[0];
        await PostAsync(gateway, 3_000, 2);
        await receiver.StopAsync();
        await Deployment.ExecuteAsync(Platform.LogDatabase, string.Concat(LogTables.Select(table => CopyOf(table))));
        await receiver.StartAsync();
        await receiver.ReadyAsync();
        var lost = await PostAsync(gateway, 3_100, 4);

        // Restored from before the last four.
        await receiver.StopAsync();
        await Deployment.ExecuteAsync(
            Platform.LogDatabase,
            CopyOf("event_log", "lost_log") + string.Concat(LogTables.Select(table => $"DELETE FROM {table};{BackFrom(table)}"))
        );
        await receiver.StartAsync();
        await receiver.ReadyAsync();
        await gateway.PostAsync("consistency_check/update");
        await NamedAsync(gateway, lost.Select(victim => ("missing_in_log", victim)));
        var checks = await gateway.GetAsync("consistency_check/checks");
        Listed(checks, "missing_in_db").Concat(Listed(checks, "missing_in_queue")).Should().BeEmpty("both readers have them");

        // What comes now has coordinates far above, arrives everywhere, and changes nothing about the lost ones.
        await PostAsync(gateway, 3_200, 4);
        await gateway.PostAsync("consistency_check/update");
        await NamedAsync(gateway, lost.Select(victim => ("missing_in_log", victim)));

        await Deployment.ExecuteAsync(Platform.LogDatabase, BackFrom("event_log", "lost_log"));
        await InOrderAsync(gateway);
    }

    /// <summary>Posts listings and bids in turn and waits until everybody has them.</summary>
    private static async Task<List<Victim>> PostAsync(JsonClient gateway, long from, int count)
    {
        var before = await CountsAsync(gateway);
        var posted = new List<Victim>();
        for (var id = from; id < from + count; id++)
        {
            var (type, body) = id % 2 == 0 ? ("listings", EventClient.Listing(id)) : ("bids", EventClient.Bid(id));
            var reply = await gateway.PostAsync($"receiver/site/{type}", body, 201);
            posted.Add(new Victim(id, reply.GetProperty("trace_id").GetRawText(), type));
        }
        await CountedAsync(gateway, before.Listings + (count + 1) / 2, before.Bids + count / 2);
        return posted;
    }

    private static async Task<(long Listings, long Bids)> CountsAsync(JsonClient gateway)
    {
        var counts = await gateway.GetAsync("storage/site/events/count");
        return (counts.GetProperty("listings").GetInt64(), counts.GetProperty("bids").GetInt64());
    }

    private static Task CountedAsync(JsonClient gateway, long listings, long bids) =>
        Eventually.HoldsAsync(
            async () =>
                await CountsAsync(gateway) == (listings, bids)
                && $"{await gateway.GetAsync("analyzer/stats")}" == $$"""{"Listings":{{listings}},"Bids":{{bids}}}""",
            $"tables and index have {listings} listings and {bids} bids"
        );

    private static async Task InOrderAsync(JsonClient gateway)
    {
        await gateway.PostAsync("consistency_check/update");
        await NamedAsync(gateway, []);
        (await gateway.GetAsync("consistency_check/v1/state")).GetProperty("status").GetString().Should().Be("consistent");
    }

    private static async Task NamedAsync(JsonClient gateway, IEnumerable<(string Class, Victim Victim)> expected)
    {
        var open = await gateway.GetAsync("consistency_check/v1/differences");
        open.GetProperty("items")
            .EnumerateArray()
            .Select(item => (item.GetProperty("class").GetString()!, item.GetProperty("trace_id").GetString()!))
            .Should()
            .BeEquivalentTo(expected.Select(difference => (difference.Class, difference.Victim.TraceId)), $"{open}");
    }

    private static IEnumerable<string> Listed(System.Text.Json.JsonElement checks, string list) =>
        checks.GetProperty(list).EnumerateArray().Select(entry => entry.ToString());

    private static string CopyOf(string table, string? copy = null) =>
        $"CREATE TABLE {copy ?? $"{table}_copy"} LIKE {table}; INSERT INTO {copy ?? $"{table}_copy"} SELECT * FROM {table};";

    private static string BackFrom(string table, string? copy = null) => $"REPLACE INTO {table} SELECT * FROM {copy ?? $"{table}_copy"};";

    private sealed record Victim(long Id, string TraceId, string Type);
}
