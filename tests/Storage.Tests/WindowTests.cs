using System.Globalization;
using System.Net;
using MySqlConnector;
using ReaderSupport;
using Storage.Reading;
using TestSupport;

namespace Storage.Tests;

public sealed class WindowOnMariaDb(MariaDbFixture fixture) : WindowTests(fixture);

[Collection(OnMySql.Name)]
public sealed class WindowOnMySql(MySqlFixture fixture) : WindowTests(fixture);

public abstract class WindowTests(DatabaseFixture fixture)
{
    private const string Day = "2025-01-07";

    [Theory]
    [InlineData("start_timestamp=2025-01-07T12:00:01Z", 1, 2)]
    [InlineData("start_timestamp=2025-01-07 12:00:01", 1, 2)]
    [InlineData("start_timestamp=2025-01-07+12:00:01", 1, 2)]
    [InlineData("start_timestamp=2025-01-07%2012%3A00%3A01", 1, 2)]
    [InlineData("start_timestamp=2025-01-07T14:00:01%2B02:00", 1, 2)]
    [InlineData("start_timestamp=2025-01-07T14:00:01+02:00", 1, 2)]
    [InlineData("start_timestamp=2025-01-07T14:00:01.0+0200", 1, 2)]
    [InlineData("start_timestamp=2025-01-07T07:00:01-05:00", 1, 2)]
    [InlineData("start_timestamp=2025-01-07T12:00:01.000001", 2)]
    [InlineData("start_timestamp=2025-01-07T12:00:01.0000001Z", 2)]
    [InlineData("start_timestamp=2025-01-07T12:00:01.999999999Z", 2)]
    [InlineData("end_timestamp=2025-01-07+12:00:01", 0)]
    [InlineData("end_timestamp=2025-01-07T12:00:01.0000001Z", 0, 1)]
    [InlineData("start_timestamp=2025-01-07+12:00:00&end_timestamp=2025-01-07+12:00:02", 0, 1)]
    [InlineData("start_timestamp=2025-01-07+12:00:01&end_timestamp=2025-01-07+12:00:01")]
    [InlineData("start_timestamp=2025-01-07+12:00:02&end_timestamp=2025-01-07+12:00:01")]
    [InlineData("start_timestamp=0001-01-01T00:00:00Z", 0, 1, 2)]
    [InlineData("end_timestamp=0001-01-01T00:00:00Z")]
    [InlineData("start_timestamp=1969-12-31T23:00:00Z&end_timestamp=2025-01-07T12:00:02.5Z", 0, 1, 2)]
    [InlineData("", 0, 1, 2)]
    public async Task A_window_is_half_open_in_every_shape_of_its_timestamps(string query, params int[] expected)
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var messages = new[] { Sample.Listing(), Sample.Listing(), Sample.Listing() };
        var log = new TopicLog();
        await storage.Inbox.ApplyAsync(0, [.. messages.Select(message => log.Next(message))]);
        for (var i = 0; i < messages.Length; i++)
            await storage.QueryAsync($"UPDATE listings SET ingested_at = '{Day} 12:00:0{i}' WHERE trace_id = {messages[i].TraceId}");

        var streamed = await storage.TraceIdsAsync($"/storage/site/listings?{query}");
        var paged = await storage.TraceIdsAsync($"/storage/site/listings?{query}&limit=100");

        streamed.Should().Equal(expected.Select(i => messages[i].TraceId));
        paged.Should().Equal(streamed);
    }

    [Fact]
    public async Task A_window_without_end_says_up_to_where_it_is_final()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var first = Sample.Listing();
        var second = Sample.Listing();

        await storage.Inbox.ApplyAsync(0, [log.Next(first)]);
        using var one = await storage.Client.GetAsync("/storage/site/listings");
        await storage.Inbox.ApplyAsync(0, [log.Next(second)]);
        var until = one.Headers.GetValues(EventLists.CompleteUntilHeader).Single();
        using var two = await storage.Client.GetAsync($"/storage/site/listings?start_timestamp={until}");

        (await StorageHost.RowsAsync(one)).Select(StorageHost.TraceId).Should().Equal(first.TraceId);
        (await StorageHost.RowsAsync(two)).Select(StorageHost.TraceId).Should().Equal(second.TraceId);
    }

    [Fact]
    public async Task An_end_that_is_near_is_waited_for_and_one_that_is_far_is_not()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        using var near = await storage.Client.GetAsync($"/storage/site/listings?end_timestamp={In(TimeSpan.FromSeconds(1))}");
        var waited = clock.Elapsed;
        using var far = await storage.Client.GetAsync($"/storage/site/listings?end_timestamp={In(TimeSpan.FromHours(1))}");

        near.StatusCode.Should().Be(HttpStatusCode.OK);
        near.Headers.Contains(EventLists.CompleteUntilHeader).Should().BeFalse();
        waited.Should().BeGreaterThan(TimeSpan.FromSeconds(0.8)).And.BeLessThan(TimeSpan.FromSeconds(3));
        var until = DateTimeOffset.Parse(far.Headers.GetValues(EventLists.CompleteUntilHeader).Single(), CultureInfo.InvariantCulture);
        until.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_window_waits_for_a_batch_in_flight_and_has_its_rows()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        await storage.Inbox.ApplyAsync(0, [new TopicLog().Next(Sample.Listing())]);
        // Another Storage holds partition 1's progress, has taken its time, and has not committed its row.
        await using var other = new MySqlConnection(storage.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await ExecuteAsync(
            other,
            transaction,
            "SELECT last_seq FROM partition_progress WHERE consumer = 'storage' AND partition_no = 1 FOR UPDATE"
        );
        await ExecuteAsync(
            other,
            transaction,
            """
            INSERT INTO listings (listing_id, listing_price, listing_type, listing_status, listing_contact, trace_id, partition_no, seq, bucket, digest, row_partition, row_no, ingested_at)
            VALUES (99, 1, 'Condo', 'SOLD', 'a@b.c', 99, 1, 1, 0, 0, 1, 1, UTC_TIMESTAMP(6))
            """
        );

        var window = storage.RowsAsync("/storage/site/listings");
        (await Task.WhenAny(window, Task.Delay(TimeSpan.FromSeconds(1)))).Should().NotBe(window);
        await transaction.CommitAsync();

        (await window).Should().HaveCount(2);
    }

    [Fact]
    public async Task Neighbouring_windows_read_while_rows_arrive_have_every_row_once()
    {
        await using var storage = await StorageHost.StartAsync(fixture.Server);
        var log = new TopicLog();
        var stored = new System.Collections.Concurrent.ConcurrentBag<long>();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable
            .Range(0, 4)
            .Select(partition =>
                Task.Run(async () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        var messages = Enumerable.Range(0, 20).Select(_ => Sample.Listing()).ToList();
                        var records = messages.ConvertAll(message =>
                        {
                            lock (log)
                                return log.Next(message, partition);
                        });
                        await storage.Inbox.ApplyAsync(partition, records);
                        messages.ForEach(message => stored.Add(message.TraceId));
                    }
                })
            )
            .ToList();

        var seen = new List<long>();
        var from = "2020-01-01T00:00:00Z";
        for (var window = 0; window < 60; window++)
        {
            using var reply = await storage.Client.GetAsync($"/storage/site/listings?start_timestamp={from}");
            seen.AddRange((await StorageHost.RowsAsync(reply)).Select(StorageHost.TraceId));
            from = reply.Headers.GetValues(EventLists.CompleteUntilHeader).Single();
        }
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        seen.AddRange(await storage.TraceIdsAsync($"/storage/site/listings?start_timestamp={from}"));

        seen.Should().OnlyHaveUniqueItems();
        seen.Should().HaveCount(stored.Count);
        seen.ToHashSet().SetEquals(stored).Should().BeTrue();
    }

    private static string In(TimeSpan time) => DateTime.UtcNow.Add(time).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static async Task ExecuteAsync(MySqlConnection connection, MySqlTransaction transaction, string sql)
    {
        await using var command = new MySqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
    }
}
