using System.Globalization;
using System.Net;
using System.Text.Json;
using Processing.Statistics;
using ServiceDefaults;

namespace Processing.Source;

/// <summary>Asks Storage over HTTP. Whatever is not exactly the answer asked for is a failure and never a number.</summary>
internal sealed class StorageClient(HttpClient http, IConfiguration settings)
{
    /// <summary>The most rows of a page; Storage gives out no more.</summary>
    public const int PageRows = 10_000;

    // Beyond these a sum would not be exact: the table cuts there, and Storage's own sum does too.
    private const int Decimals = 12;

    /// <summary>The next page behind a cursor; null when Storage says that the cursor does not hold any more.</summary>
    /// <exception cref="StorageException">No page could be had.</exception>
    public async Task<StoragePage?> PageAsync(CountedType type, string? after, CancellationToken cancellationToken)
    {
        var url = $"{Base(type)}{type.Path}?{type.Query}limit={PageRows}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}";
        using var reply = await GetAsync(url, cancellationToken);
        if (reply is null)
            return null;
        using var document = await BodyAsync(reply, url, cancellationToken);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new StorageException($"{url} answered with no list.");
        var columns = type.Columns.ToDictionary(column => column, _ => default(ColumnSum));
        foreach (var row in document.RootElement.EnumerateArray())
        {
            foreach (var column in type.Columns)
                columns[column] = columns[column].Add(Number(row, column, url));
        }
        return new StoragePage(
            document.RootElement.GetArrayLength(),
            columns,
            Header(reply, Paging.NextAfterHeader, url),
            Header(reply, "X-Next-Rows", url),
            long.Parse(Header(reply, "X-Table-Rev", url), CultureInfo.InvariantCulture)
        );
    }

    /// <summary>Everything up to a cursor in one look, or everything there is; null when the cursor does not hold any more.</summary>
    /// <exception cref="StorageException">It could not be had.</exception>
    public async Task<StoragePage?> AggregateAsync(CountedType type, string? after, CancellationToken cancellationToken)
    {
        var url = $"{Base(type)}/side/aggregate/{type.Type.Name}{(after is null ? "" : $"?after={Uri.EscapeDataString(after)}")}";
        using var reply = await GetAsync(url, cancellationToken);
        if (reply is null)
            return null;
        using var document = await BodyAsync(reply, url, cancellationToken);
        try
        {
            var root = document.RootElement;
            var found = root.GetProperty("columns");
            return new StoragePage(
                root.GetProperty("count").GetInt64(),
                type.Columns.ToDictionary(column => column, column => Sum(found.GetProperty(column))),
                root.GetProperty("after").GetString()!,
                root.GetProperty("rows").GetString()!,
                root.GetProperty("table_rev").GetInt64()
            );
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new StorageException($"{url} answered with no aggregate.", failure);
        }
    }

    private async Task<HttpResponseMessage?> GetAsync(string url, CancellationToken cancellationToken)
    {
        HttpResponseMessage reply;
        try
        {
            reply = await http.GetAsync(new Uri(url), cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new StorageException($"{url} cannot be reached: {failure.Message}", failure);
        }
        catch (OperationCanceledException failure)
        {
            throw new StorageException($"{url} did not answer in time.", failure);
        }
        if (reply.StatusCode == HttpStatusCode.OK)
            return reply;
        using (reply)
            return reply.StatusCode == HttpStatusCode.Gone ? null : throw new StorageException($"{url} answered {(int)reply.StatusCode}.");
    }

    private static async Task<JsonDocument> BodyAsync(HttpResponseMessage reply, string url, CancellationToken cancellationToken)
    {
        try
        {
            return JsonDocument.Parse(await reply.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (JsonException failure)
        {
            throw new StorageException($"{url} answered with no JSON.", failure);
        }
    }

    private static decimal Number(JsonElement row, string column, string url) =>
        row.ValueKind == JsonValueKind.Object
        && row.TryGetProperty(column, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDecimal(out var number)
            ? Math.Round(number, Decimals, MidpointRounding.AwayFromZero)
            : throw new StorageException($"{url} answered with a row without a number {column}.");

    private static ColumnSum Sum(JsonElement column) =>
        new(Decimal(column.GetProperty("sum").GetString()) ?? 0, Decimal(column.GetProperty("max").GetString()));

    private static decimal? Decimal(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Header(HttpResponseMessage reply, string name, string url) =>
        reply.Headers.TryGetValues(name, out var values) ? values.Single() : throw new StorageException($"{url} answered without {name}.");

    private string Base(CountedType type) =>
        type.Url?.Read(settings) is { } list ? list[..^type.Path.Length] : Settings.StorageUrl.Read(settings);
}
