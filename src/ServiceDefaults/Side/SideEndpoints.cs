using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ServiceDefaults;

/// <summary>What the consistency check asks a reader of the topic. Internal: not for the gateway.</summary>
public static class SideEndpoints
{
    private const int MostBuckets = 256;

    /// <summary>How both ends write the replies.</summary>
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Maps the routes below <c>/side</c> for the reader <paramref name="consumer"/> and its tables.</summary>
    public static void MapSide(this WebApplication app, string consumer, params IReadOnlyList<SideTable> tables)
    {
        ArgumentNullException.ThrowIfNull(app);
        var side = new SideReader(app.Services.GetRequiredService<ServiceDatabase>(), consumer, tables);
        var routes = app.MapGroup("/side").WithTags("Side").ProducesProblem(StatusCodes.Status503ServiceUnavailable).DisableHttpMetrics();
        routes
            .MapGet("/last", async (CancellationToken cancellationToken) => Reply(await side.LastAsync(cancellationToken)))
            .WithSummary("How far the reader is in every partition");
        routes
            .MapGet(
                "/digests",
                async (string? from, string cut, string? foreign, CancellationToken cancellationToken) =>
                    Reply(await side.SnapshotAsync(Pairs("from", from), Pairs("cut", cut), Range(foreign), cancellationToken))
            )
            .WithSummary(
                "Rows and digests by bucket, from a bucket of each partition (0:12,1:7) up to a seq of each, and of foreign buckets (0-255)"
            );
        routes
            .MapGet(
                "/rows",
                async (ushort partition, ulong bucket, ulong? cut, CancellationToken cancellationToken) =>
                    Reply(await side.RowsAsync(partition, bucket, cut ?? ulong.MaxValue, cancellationToken))
            )
            .WithSummary("The rows of a bucket, and what of it was put aside");
        routes
            .MapGet(
                "/computed",
                async (string buckets, CancellationToken cancellationToken) =>
                    Reply(await side.ComputeAsync(List(buckets), cancellationToken))
            )
            .WithSummary("Buckets (0:12,0:13,1:7; at most 256) computed anew from their columns");
        routes
            .MapGet(
                "/events/{trace_id}",
                async (string trace_id, CancellationToken cancellationToken) => Reply(await side.FindAsync(trace_id, cancellationToken))
            )
            .WithSummary("Everything the reader knows of one event");
    }

    private static IResult Reply<T>(T shape) => Results.Json(shape, Json);

    private static Dictionary<int, ulong> Pairs(string name, string? text)
    {
        var pairs = new Dictionary<int, ulong>();
        foreach (var (partition, number) in Numbers(name, text))
            pairs[partition] = number;
        return pairs;
    }

    private static List<(int Partition, ulong Bucket)> List(string text) =>
        Numbers("buckets", text) is { Count: <= MostBuckets } list ? list : throw Unreadable("buckets", text);

    private static List<(int Partition, ulong Number)> Numbers(string name, string? text) =>
        [
            .. (text ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair =>
                    pair.Split(':') is [var left, var right]
                    && ushort.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                    && ulong.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        ? ((int)partition, number)
                        : throw Unreadable(name, text)
                ),
        ];

    private static (int First, int Last)? Range(string? text) =>
        text is null ? null
        : text.Split('-') is [var left, var right]
        && byte.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && byte.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? (first, last)
        : throw Unreadable("foreign", text);

    private static ProblemException Unreadable(string name, string? text) =>
        new(StatusCodes.Status400BadRequest, $"The parameter {name} cannot be read from '{text}'.");
}
