using System.Net;
using System.Text.Json;
using ReaderSupport;
using TestSupport;

namespace Storage.Tests;

/// <summary>With a server of its own, which is taken away.</summary>
public sealed class DatabaseAwayTests
{
    private static readonly string[] Queries =
    [
        "/storage/site/listings",
        "/storage/site/bids?limit=5",
        "/storage/site/listings/ids",
        "/storage/site/events/count",
        "/storage/progress",
    ];

    [Fact]
    public async Task Without_its_database_storage_starts_answers_503_and_recovers_by_itself()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");
        await using var server = new MariaDbServer();
        await using var storage = await StorageHost.StartOnAsync(server.ConnectionString("storage"));
        await EveryQueryIsAsync(storage, HttpStatusCode.ServiceUnavailable);
        (await storage.Client.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await DatabaseAsync(storage)).Should().Be("Unhealthy");

        await server.StartAsync();
        await storage.DatabaseReadyAsync();
        await Eventually.HoldsAsync(async () => await AllAreAsync(storage, HttpStatusCode.OK), "every query is answered");
        (await DatabaseAsync(storage)).Should().Be("Healthy");
        var log = new TopicLog();
        var first = Sample.Listing();
        await storage.Inbox.ApplyAsync(0, [log.Next(first)]);

        await server.KillAsync();
        // Progress is read once a second; whoever asks in between has the same answer.
        await Eventually.HoldsAsync(async () => await AllAreAsync(storage, HttpStatusCode.ServiceUnavailable), "no query is answered");
        await EveryQueryIsAsync(storage, HttpStatusCode.ServiceUnavailable);

        await server.StartAsync();
        await Eventually.HoldsAsync(async () => await AllAreAsync(storage, HttpStatusCode.OK), "every query is answered again");
        (await storage.TraceIdsAsync("/storage/site/listings")).Should().Equal(first.TraceId);
        var second = log.Next(Sample.Listing());
        await Eventually.HoldsAsync(
            async () =>
            {
                await storage.Inbox.ApplyAsync(0, [second]);
                return true;
            },
            "the inbox writes again"
        );
        (await storage.TraceIdsAsync("/storage/site/listings")).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_database_that_is_dropped_under_the_running_service_is_made_again()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");
        await using var server = new MariaDbServer();
        await server.StartAsync();
        await using var storage = await StorageHost.StartOnAsync(server.ConnectionString("storage"));
        await storage.DatabaseReadyAsync();
        await storage.Inbox.ApplyAsync(0, [new TopicLog().Next(Sample.Listing())]);

        await server.ExecuteAsync("DROP DATABASE storage");

        await Eventually.HoldsAsync(
            async () =>
                (await storage.Client.GetStringAsync("/storage/site/events/count")) == """{"listings":0,"bids":0}"""
                && await AllAreAsync(storage, HttpStatusCode.OK),
            "the tables are there and empty"
        );
        (await storage.Client.GetStringAsync("/storage/progress")).Should().Contain("\"last\":0");
    }

    private static async Task EveryQueryIsAsync(StorageHost storage, HttpStatusCode status)
    {
        foreach (var query in Queries)
        {
            using var reply = await storage.Client.GetAsync(query);
            reply.StatusCode.Should().Be(status, query);
            if (status != HttpStatusCode.ServiceUnavailable)
                continue;
            reply.Headers.RetryAfter.Should().NotBeNull(query);
            using var problem = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
            problem.RootElement.EnumerateObject().Select(key => key.Name).Should().BeEquivalentTo("type", "title", "detail", "status");
        }
    }

    private static async Task<bool> AllAreAsync(StorageHost storage, HttpStatusCode status)
    {
        foreach (var query in Queries)
        {
            using var reply = await storage.Client.GetAsync(query);
            if (reply.StatusCode != status)
                return false;
        }
        return true;
    }

    private static async Task<string?> DatabaseAsync(StorageHost storage)
    {
        using var reply = await storage.Client.GetAsync("/storage/health/ready");
        using var health = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return health.RootElement.GetProperty("dependencies").GetProperty("database").GetProperty("status").GetString();
    }
}
