using KafkaMySql;
using Microsoft.Extensions.Options;
using ServiceDefaults;

namespace Receiver.Archive;

/// <summary>Looking into the log, and the word between Receivers that there is something to relay. Internal: not for the gateway.</summary>
internal static class ArchiveEndpoints
{
    public static void MapArchive(this WebApplication app)
    {
        app.MapGet("/log", Extents).WithTags("log").WithSummary("What the log keeps: lowest and last seq of each partition");
        app.MapGet("/log/{partition:int}", Buckets).WithTags("log").WithSummary("Rows and digest of each bucket of a partition");
        app.MapGet("/log/{partition:int}/buckets/{bucket}", Rows).WithTags("log").WithSummary("The rows of a bucket, without their text");
        app.MapGet("/log/{partition:int}/{seq}", Entry).WithTags("log").WithSummary("One event with its text and its stations");
        app.MapPost($"/{IRelayNudge.Route}", Nudge)
            .WithTags("log")
            .WithSummary("There are new rows in a partition")
            .ExcludeFromDescription();
    }

    private static async Task Extents(
        HttpResponse response,
        IEventLogArchive archive,
        IOptions<OutboxOptions> options,
        CancellationToken cancellationToken
    )
    {
        var extents = await archive.ExtentsAsync(cancellationToken);
        await response.WriteJsonAsync(
            json =>
            {
                json.WriteString("log"u8, options.Value.Log);
                json.WriteStartArray("partitions"u8);
                foreach (var extent in extents)
                    ArchiveJson.Write(json, extent);
                json.WriteEndArray();
            },
            cancellationToken
        );
    }

    private static async Task Buckets(
        int partition,
        ulong? after,
        ulong? up_to,
        HttpResponse response,
        IEventLogArchive archive,
        CancellationToken cancellationToken
    )
    {
        var buckets = new List<LogBucket>();
        await foreach (var bucket in archive.BucketsAsync(partition, after ?? 0, up_to ?? long.MaxValue, cancellationToken))
            buckets.Add(bucket);
        await response.WriteJsonAsync(
            json =>
            {
                json.WriteNumber("partition"u8, partition);
                json.WriteStartArray("buckets"u8);
                foreach (var bucket in buckets)
                    ArchiveJson.Write(json, bucket);
                json.WriteEndArray();
            },
            cancellationToken
        );
    }

    private static async Task Rows(
        int partition,
        ulong bucket,
        HttpResponse response,
        IEventLogArchive archive,
        CancellationToken cancellationToken
    )
    {
        var rows = await archive.RowsAsync(partition, bucket, cancellationToken);
        await response.WriteJsonAsync(
            json =>
            {
                json.WriteStartArray("rows"u8);
                foreach (var row in rows)
                    ArchiveJson.Write(json, row);
                json.WriteEndArray();
            },
            cancellationToken
        );
    }

    private static async Task<IResult> Entry(
        int partition,
        ulong seq,
        HttpResponse response,
        IEventLogArchive archive,
        IOptions<OutboxOptions> options,
        CancellationToken cancellationToken
    )
    {
        var entry = partition < options.Value.Partitions ? await archive.FindAsync(partition, seq, cancellationToken) : null;
        if (entry is null)
            return Replies.Message(StatusCodes.Status404NotFound, $"No event at {partition}/{seq}!");
        await response.WriteJsonAsync(json => ArchiveJson.WriteFields(json, entry), cancellationToken);
        return Results.Empty;
    }

    private static IResult Nudge(int partition, IRelayNudge relay)
    {
        relay.Nudge(partition);
        return Results.NoContent();
    }
}
