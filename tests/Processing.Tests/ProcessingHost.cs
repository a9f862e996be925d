using System.Net;
using System.Text.Json;
using Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Processing.Statistics;
using ServiceDefaults;
using TestSupport;

namespace Processing.Tests;

/// <summary>Processing in this process over real HTTP. Its job runs when a test says so, unless a setting says otherwise.</summary>
internal sealed class ProcessingHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private ProcessingHost(WebApplication app, TemporaryFolder folder)
    {
        App = app;
        _folder = folder;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public string Document => System.IO.Path.Combine(_folder.Path, "data", "data.json");

    /// <summary>Starts it with a database of its own and waits until that is ready.</summary>
    public static async Task<ProcessingHost> StartAsync(DatabaseServer server, string storage, params string[] settings) =>
        await StartOnAsync(await server.NewDatabaseAsync("processing"), storage, settings);

    public static async Task<ProcessingHost> StartOnAsync(string connectionString, string storage, params string[] settings)
    {
        var folder = new TemporaryFolder();
        var app = ProcessingService.Build([
            "--Server:Address=127.0.0.1",
            "--Server:Port=0",
            $"--Logs:Folder={folder.Path}",
            $"--ConnectionStrings:MySql={connectionString}",
            $"--services:storage:url={storage}",
            $"--datastore:filename={System.IO.Path.Combine(folder.Path, "data", "data.json")}",
            "--scheduler:polling=200ms",
            "--Systems=RealEstate",
            .. settings.Select(setting => "--" + setting).DefaultIfEmpty("--scheduler:interval=0"),
        ]);
        await app.StartAsync();
        await app.Services.GetRequiredService<ServiceDatabase>().WhenReadyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        return new ProcessingHost(app, folder);
    }

    /// <summary>One cycle of a system's job; it fails when the job says it did.</summary>
    public async Task CycleAsync(EventSystem system = EventSystem.RealEstate)
    {
        await using var scope = App.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<UpdateStatistics>().RunAsync(system, CancellationToken.None);
    }

    /// <summary>One cycle that counts nothing of at least one type.</summary>
    public Task FailingCycleAsync() => FluentActions.Awaiting(() => CycleAsync()).Should().ThrowAsync<Source.StorageException>();

    public async Task<(long Listings, long Bids, decimal MaxListing, decimal MaxOffer)> StatsAsync()
    {
        var stats = await JsonAsync("/processing/stats");
        return (
            stats.GetProperty("num_listings").GetInt64(),
            stats.GetProperty("num_bids").GetInt64(),
            stats.GetProperty("max_listing_price").GetDecimal(),
            stats.GetProperty("max_offer_price").GetDecimal()
        );
    }

    public async Task<JsonElement> JsonAsync(string path)
    {
        using var reply = await Client.GetAsync(path);
        return await JsonAsync(reply);
    }

    public async Task<JsonElement> RecomputeAsync()
    {
        using var reply = await Client.PostAsync("/processing/recompute", null);
        return await JsonAsync(reply);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage reply)
    {
        var text = await reply.Content.ReadAsStringAsync();
        reply.StatusCode.Should().Be(HttpStatusCode.OK, text);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
