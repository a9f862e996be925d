using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Consistency.Comparing;
using ServiceDefaults;

namespace Consistency.Sides;

/// <summary>A reader of the topic over HTTP, by its routes below <c>/side</c>.</summary>
internal sealed class HttpSide(HttpClient http, string name, string url) : ISide
{
    public string Name => name;

    public Task<IReadOnlyList<SideLast>> LastAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<SideLast>>("last", cancellationToken);

    public Task<SideSnapshot> SnapshotAsync(
        IReadOnlyDictionary<int, ulong> from,
        IReadOnlyDictionary<int, ulong> cut,
        (int First, int Last)? foreign,
        CancellationToken cancellationToken
    ) =>
        GetAsync<SideSnapshot>(
            $"digests?from={Pairs(from)}&cut={Pairs(cut)}{(foreign is var (first, last) ? $"&foreign={first}-{last}" : "")}",
            cancellationToken
        );

    public Task<SideRows> RowsAsync(int partition, ulong bucket, ulong cut, CancellationToken cancellationToken) =>
        GetAsync<SideRows>($"rows?partition={partition}&bucket={bucket}&cut={cut}", cancellationToken);

    public Task<SideComputed> ComputeAsync(IReadOnlyList<(int Partition, ulong Bucket)> buckets, CancellationToken cancellationToken) =>
        GetAsync<SideComputed>(
            $"computed?buckets={string.Join(',', buckets.Select(bucket => $"{bucket.Partition}:{bucket.Bucket}"))}",
            cancellationToken
        );

    public Task<SideRows> FindAsync(string traceId, CancellationToken cancellationToken) =>
        GetAsync<SideRows>($"events/{Uri.EscapeDataString(traceId)}", cancellationToken);

    private Task<T> GetAsync<T>(string route, CancellationToken cancellationToken) =>
        Asking.GetAsync<T>(http, name, $"{url}/side/{route}", SideEndpoints.Json, cancellationToken);

    private static string Pairs(IReadOnlyDictionary<int, ulong> pairs) =>
        string.Join(',', pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}")));
}

/// <summary>One question to another service: an answer, or a failure that names who did not answer.</summary>
internal static class Asking
{
    public static async Task<T> GetAsync<T>(
        HttpClient http,
        string name,
        string url,
        JsonSerializerOptions json,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var reply = await http.GetAsync(new Uri(url), cancellationToken);
            if (!reply.IsSuccessStatusCode)
                throw new SideException($"{name} answered {(int)reply.StatusCode} at {url}.");
            return await reply.Content.ReadFromJsonAsync<T>(json, cancellationToken)
                ?? throw new SideException($"{name} answered nothing at {url}.");
        }
        catch (HttpRequestException failure)
        {
            throw new SideException($"{name} cannot be reached: {failure.Message}", failure);
        }
        catch (JsonException failure)
        {
            throw new SideException($"{name} answered something else than was asked at {url}.", failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SideException($"{name} did not answer in time.", failure);
        }
    }
}
