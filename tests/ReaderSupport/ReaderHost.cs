using KafkaMySql;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using ServiceDefaults;
using TestSupport;

namespace ReaderSupport;

/// <summary>A reader of the topic in this process over real HTTP. Without a broker's address, records are given to its inbox directly.</summary>
public sealed class ReaderHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private ReaderHost(WebApplication app, TemporaryFolder folder, string connectionString)
    {
        _app = app;
        _folder = folder;
        ConnectionString = connectionString;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    /// <summary>Speaks to the service.</summary>
    public HttpClient Client { get; }

    /// <summary>The service's own database.</summary>
    public string ConnectionString { get; }

    /// <summary>A folder of the host's own; the document is <c>data.json</c> in it.</summary>
    public string Folder => _folder.Path;

    /// <summary>Takes records as if the topic had brought them.</summary>
    public InboxWriter Inbox => _app.Services.GetRequiredService<InboxWriter>();

    /// <summary>The service's configuration, to which sources may be added.</summary>
    public IConfigurationBuilder Configuration => (IConfigurationBuilder)_app.Configuration;

    /// <summary>Starts it with a database of its own and waits until that is ready.</summary>
    public static async Task<ReaderHost> StartAsync(Func<string[], WebApplication> build, DatabaseServer server, params string[] settings)
    {
        var host = await StartOnAsync(build, await server.NewDatabaseAsync("reader"), settings);
        await host.DatabaseReadyAsync();
        return host;
    }

    /// <summary>Starts it on a given database, which need not be there.</summary>
    public static async Task<ReaderHost> StartOnAsync(
        Func<string[], WebApplication> build,
        string connectionString,
        params string[] settings
    )
    {
        var folder = new TemporaryFolder();
        var app = build([
            "--Server:Address=127.0.0.1",
            "--Server:Port=0",
            "--Server:RunifyPort=off",
            $"--Logs:Folder={folder.Path}",
            $"--ConnectionStrings:MySql={connectionString}",
            $"--Kafka:BootstrapServers=127.0.0.1:{FreePort.Next()}",
            "--Kafka:GroupProtocol=consumer",
            "--Kafka:FetchWait=20ms",
            $"--datastore:filename={Path.Combine(folder.Path, "data.json")}",
            .. settings.Select(setting => "--" + setting),
        ]);
        await app.StartAsync();
        return new ReaderHost(app, folder, connectionString);
    }

    /// <summary>Waits until the tables are there.</summary>
    public Task DatabaseReadyAsync() =>
        _app.Services.GetRequiredService<ServiceDatabase>().WhenReadyAsync(CancellationToken.None).WaitAsync(Eventually.Patience);

    /// <summary>Runs a query on the service's database.</summary>
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
