using Consistency.Sides;
using Contracts;
using TestSupport;

namespace Consistency.Tests;

/// <summary>The real Receiver's log, as the comparison asks it.</summary>
public sealed class LogTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task Its_extents_buckets_and_rows_are_those_of_the_events_it_accepted()
    {
        using var logs = new TemporaryFolder();
        await using var receiver = new ServiceProcess(
            "Receiver",
            new Dictionary<string, string?>
            {
                ["ConnectionStrings__MySql"] = await fixture.Server.NewDatabaseAsync("receiver"),
                ["Kafka__BootstrapServers"] = $"127.0.0.1:{FreePort.Next()}",
            },
            logs.Path
        );
        await receiver.StartAsync();
        var journal = new Journal();
        using var client = new EventClient(_ => receiver.Address, journal);
        await client.SendManyAsync(1, 40, 4, CancellationToken.None);
        using var http = new HttpClient();
        var log = new HttpLog(http, $"{receiver.Address}receiver");

        var extents = await log.ExtentsAsync(CancellationToken.None);
        var traceIds = new List<string>();
        var eventIds = new List<string?>();
        foreach (var (partition, extent) in extents.Where(extent => extent.Value.Lowest is not null))
        {
            foreach (var sum in await log.BucketsAsync(partition, extent.Lowest!.Value - 1, extent.Last, CancellationToken.None))
            {
                var rows = await log.RowsAsync(partition, sum.Bucket, CancellationToken.None);
                rows.Should().HaveCount((int)sum.Rows).And.BeInAscendingOrder(row => row.Seq);
                rows.Aggregate(0UL, (digest, row) => digest ^ row.Digest).Should().Be(sum.Digest);
                rows.Should().OnlyContain(row => row.Type == EventCatalog.Listings.Id || row.Type == EventCatalog.Bids.Id);
                traceIds.AddRange(rows.Select(row => row.TraceId));
                foreach (var row in rows)
                    eventIds.Add(await log.EventIdAsync(partition, row.Seq, CancellationToken.None));
            }
        }

        traceIds.ToHashSet().SetEquals(journal.Accepted.Keys).Should().BeTrue();
        eventIds.Should().BeEquivalentTo(Enumerable.Range(1, 40).Select(id => $"{id}"));
        (await log.EventIdAsync(0, 1, CancellationToken.None)).Should().BeNull();
    }
}
