using System.Net;
using System.Text.Json;
using Consistency.Checks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults;
using TestSupport;

namespace Consistency.Tests;

/// <summary>Consistency in this process over real HTTP, in front of the given sides. Its job runs when a test says so.</summary>
internal sealed class ConsistencyHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private ConsistencyHost(WebApplication app, TemporaryFolder folder)
    {
        _app = app;
        _folder = folder;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public HttpClient Client { get; }

    public string Document => System.IO.Path.Combine(_folder.Path, "data.json");

    public IServiceProvider Services => _app.Services;

    public static async Task<ConsistencyHost> StartAsync(
        DatabaseServer server,
        string storage,
        string analyzer,
        string receiver,
        string processing,
        params string[] settings
    )
    {
        var folder = new TemporaryFolder();
        var app = ConsistencyService.Build([
            "--Server:Address=127.0.0.1",
            "--Server:Port=0",
            "--Server:RunifyPort=off",
            $"--Logs:Folder={folder.Path}",
            $"--ConnectionStrings:MySql={await server.NewDatabaseAsync("consistency")}",
            $"--services:storage:url={storage}",
            $"--services:analyzer:url={analyzer}",
            $"--services:receiver:url={receiver}",
            $"--services:processing:url={processing}",
            $"--datastore:filename={System.IO.Path.Combine(folder.Path, "data.json")}",
            "--scheduler:interval=0",
            "--Systems=RealEstate",
            .. settings.Select(setting => "--" + setting),
        ]);
        await app.StartAsync();
        await app.Services.GetRequiredService<ServiceDatabase>().WhenReadyAsync(CancellationToken.None).WaitAsync(Eventually.Patience);
        return new ConsistencyHost(app, folder);
    }

    /// <summary>A full comparison.</summary>
    public async Task UpdateAsync()
    {
        using var reply = await Client.PostAsync("/consistency_check/update", null);
        var text = await reply.Content.ReadAsStringAsync();
        reply.StatusCode.Should().Be(HttpStatusCode.OK, text);
        using var document = JsonDocument.Parse(text);
        document.RootElement.EnumerateObject().Select(key => key.Name).Should().Equal("processing_time_ms");
        document.RootElement.GetProperty("processing_time_ms").GetInt64().Should().BePositive();
    }

    /// <summary>A run as the job makes it.</summary>
    public async Task RecurringAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<CheckRunner>().RecurringAsync(CancellationToken.None)).Should().NotBeNull();
    }

    public async Task<JsonElement> JsonAsync(string path)
    {
        using var reply = await Client.GetAsync(path);
        var text = await reply.Content.ReadAsStringAsync();
        reply.StatusCode.Should().Be(HttpStatusCode.OK, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public Task<JsonElement> ChecksAsync() => JsonAsync("/consistency_check/checks");

    /// <summary>The open differences: class and trace id.</summary>
    public async Task<List<(string Class, string TraceId)>> OpenAsync() =>
        [
            .. (await JsonAsync("/consistency_check/v1/differences"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(item => (item.GetProperty("class").GetString()!, item.GetProperty("trace_id").GetString()!)),
        ];

    public async Task<string> VerdictAsync(object traceId) =>
        (await JsonAsync($"/consistency_check/v1/events/{traceId}")).GetProperty("verdict").GetString()!;

    public async Task<string> StatusAsync() => (await JsonAsync("/consistency_check/v1/state")).GetProperty("status").GetString()!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
