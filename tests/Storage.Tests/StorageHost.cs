using System.Net;
using System.Text.Json;
using KafkaMySql;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using ServiceDefaults;
using TestSupport;

namespace Storage.Tests;

/// <summary>Storage in this process over real HTTP. Without a broker's address, records are given to its inbox directly.</summary>
internal sealed class StorageHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _logs;

    private StorageHost(WebApplication app, TemporaryFolder logs, string connectionString)
    {
        _app = app;
        _logs = logs;
        ConnectionString = connectionString;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public HttpClient Client { get; }

    public string ConnectionString { get; }

    public InboxWriter Inbox => _app.Services.GetRequiredService<InboxWriter>();

    /// <summary>Starts it with a database of its own and waits until that is ready.</summary>
    public static async Task<StorageHost> StartAsync(DatabaseServer server, params string[] settings)
    {
        var host = await StartOnAsync(await server.NewDatabaseAsync("storage"), settings);
        await host.DatabaseReadyAsync();
        return host;
    }

    /// <summary>Starts it on a given database, which need not be there.</summary>
    public static async Task<StorageHost> StartOnAsync(string connectionString, params string[] settings)
    {
        var logs = new TemporaryFolder();
        var app = StorageService.Build([
            "--Server:Address=127.0.0.1",
            "--Server:Port=0",
            $"--Logs:Folder={logs.Path}",
            $"--ConnectionStrings:MySql={connectionString}",
            $"--Kafka:BootstrapServers=127.0.0.1:{FreePort.Next()}",
            "--Kafka:GroupProtocol=consumer",
            .. settings.Select(setting => "--" + setting),
        ]);
        await app.StartAsync();
        return new StorageHost(app, logs, connectionString);
    }

    public Task DatabaseReadyAsync() =>
        _app.Services.GetRequiredService<ServiceDatabase>().WhenReadyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

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

    public async Task<List<object?[]>> QueryAsync(string sql)
    {
        await using var connection = new MySqlConnection(ConnectionString + ";Pooling=false;DateTimeKind=Utc");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add(row);
        }
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _logs.Dispose();
    }
}
