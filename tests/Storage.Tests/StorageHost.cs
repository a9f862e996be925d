using System.Net;
using System.Text.Json;
using KafkaMySql;
using ReaderSupport;
using TestSupport;

namespace Storage.Tests;

/// <summary>Storage in this process over real HTTP. Without a broker's address, records are given to its inbox directly.</summary>
internal sealed class StorageHost : IAsyncDisposable
{
    private readonly ReaderHost _host;

    private StorageHost(ReaderHost host) => _host = host;

    public HttpClient Client => _host.Client;

    public string ConnectionString => _host.ConnectionString;

    public InboxWriter Inbox => _host.Inbox;

    /// <summary>Starts it with a database of its own and waits until that is ready.</summary>
    public static async Task<StorageHost> StartAsync(DatabaseServer server, params string[] settings) =>
        new(await ReaderHost.StartAsync(StorageService.Build, server, settings));

    /// <summary>Starts it on a given database, which need not be there.</summary>
    public static async Task<StorageHost> StartOnAsync(string connectionString, params string[] settings) =>
        new(await ReaderHost.StartOnAsync(StorageService.Build, connectionString, settings));

    public Task DatabaseReadyAsync() => _host.DatabaseReadyAsync();

    public Task<List<object?[]>> QueryAsync(string sql) => _host.QueryAsync(sql);

    /// <summary>The reply's rows, which must come with 200.</summary>
    public async Task<List<JsonElement>> RowsAsync(string path)
    {
        using var reply = await Client.GetAsync(path);
        return await RowsAsync(reply);
    }

    public static async Task<List<JsonElement>> RowsAsync(HttpResponseMessage reply)
    {
        var text = await reply.Content.ReadAsStringAsync();
        reply.StatusCode.Should().Be(HttpStatusCode.OK, text);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
    }

    public async Task<List<long>> TraceIdsAsync(string path) => [.. (await RowsAsync(path)).Select(TraceId)];

    public static long TraceId(JsonElement row) => row.GetProperty("trace_id").GetInt64();

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
