using System.Globalization;
using System.Text.Json;
using Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace Consistency.Tests;

/// <summary>The log and the statistics as a test wants them, by the routes that the Receiver and Processing have.</summary>
internal sealed class ReceiverStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReceiverStub(WebApplication app) => _app = app;

    public string Url =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/receiver";

    public string Processing => Url.Replace("/receiver", "/processing", StringComparison.Ordinal);

    /// <summary>The log's rows; a test takes out what it wants to be lost.</summary>
    public List<(int Partition, ulong Seq, EventMessage Message)> Log { get; } = [];

    /// <summary>The last number given, whatever rows there are.</summary>
    public Dictionary<int, ulong> Last { get; } = [];

    public (long Listings, long Bids) Counted { get; set; }

    public (long Runs, long Songs) RunifyCounted { get; set; }

    public static async Task<ReceiverStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        var stub = new ReceiverStub(builder.Build());
        stub._app.MapGet("/receiver/log", stub.Extents);
        stub._app.MapGet("/receiver/log/{partition:int}", stub.Buckets);
        stub._app.MapGet("/receiver/log/{partition:int}/buckets/{bucket}", stub.Rows);
        stub._app.MapGet("/receiver/log/{partition:int}/{seq}", stub.Entry);
        stub._app.MapGet(
            "/processing/stats",
            () =>
                Results.Json(
                    new
                    {
                        num_listings = stub.Counted.Listings,
                        num_bids = stub.Counted.Bids,
                        num_running_stats = stub.RunifyCounted.Runs,
                        num_music_info = stub.RunifyCounted.Songs,
                    }
                )
        );
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>Appends events in the numbers that <see cref="StoredRows"/> gives them.</summary>
    public void Append(int partition, params EventMessage[] messages)
    {
        foreach (var message in messages)
        {
            var seq = Last[partition] = Last.GetValueOrDefault(partition, StoredRows.FirstSeq) + 1;
            Log.Add((partition, seq, message));
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Extents() =>
        Results.Json(
            new
            {
                log = "main",
                partitions = Enumerable
                    .Range(0, 4)
                    .Select(partition => new
                    {
                        partition,
                        lowest = Log.Where(row => row.Partition == partition).Select(row => (ulong?)row.Seq).Min(),
                        last = Last.GetValueOrDefault(partition),
                        sent = 0,
                    }),
            }
        );

    private IResult Buckets(int partition, ulong? after, ulong? up_to) =>
        Results.Json(
            new
            {
                partition,
                buckets = Log.Where(row => row.Partition == partition && row.Seq > (after ?? 0) && row.Seq <= (up_to ?? ulong.MaxValue))
                    .GroupBy(row => row.Seq / 4096)
                    .Select(bucket => new
                    {
                        bucket = bucket.Key,
                        rows = bucket.Count(),
                        digest = Text(bucket.Aggregate(0UL, (digest, row) => digest ^ Digest(row.Message))),
                    }),
            }
        );

    private IResult Rows(int partition, ulong bucket) =>
        Results.Json(
            new
            {
                rows = Log.Where(row => row.Partition == partition && row.Seq / 4096 == bucket)
                    .Select(row => new
                    {
                        seq = row.Seq,
                        type = EventCatalog.Of(row.Message).Id,
                        trace_id = row.Message.Identity,
                        digest = Text(Digest(row.Message)),
                    }),
            }
        );

    private IResult Entry(int partition, ulong seq) =>
        Log.Find(row => row.Partition == partition && row.Seq == seq).Message is { } message
            ? Results.Json(new { value = JsonSerializer.Deserialize<JsonElement>(Envelope.Write(message)) })
            : Results.NotFound();

    private static ulong Digest(EventMessage message) => EventCatalog.Of(message).Digest(message);

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
