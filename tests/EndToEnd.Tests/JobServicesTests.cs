using System.Net;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>The two services with jobs as processes, each with its jobs in its own database on one MySQL server.</summary>
public sealed class JobServicesTests(MySqlFixture fixture) : IClassFixture<MySqlFixture>, IDisposable
{
    private const string Lease = "2s";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly TemporaryFolder _logs = new();

    [Fact]
    public Task Both_start_without_the_database_and_no_job_is_switched_off_by_its_absence() => OutageAsync(TimeSpan.FromSeconds(6));

    [Fact, Trait("Category", "Long")]
    public Task Both_start_without_the_database_and_no_job_is_switched_off_by_ten_minutes_of_absence() =>
        OutageAsync(TimeSpan.FromMinutes(10));

    [Fact]
    public async Task Recurring_jobs_survive_restarts_are_shared_by_two_processes_and_go_on_when_one_is_killed()
    {
        var database = await fixture.Server.NewDatabaseAsync("processing");
        await using var first = Processing(database, "http://127.0.0.1:1/storage");
        await first.StartAsync();
        await first.ReadyAsync();
        await ScheduledAsync(database, "statistics-RealEstate");
        var created = await FieldAsync(database, "statistics-RealEstate", "CreatedAt");
        await first.StopAsync();
        (await ServersAsync(database)).Should().Be(0, "an orderly stop signs off");
        (await FieldAsync(database, "statistics-RealEstate", "NextExecution")).Should().NotBeNullOrEmpty("it is only waiting");

        await first.StartAsync();
        await using var second = Processing(database, "http://127.0.0.1:1/storage");
        await second.StartAsync();
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());
        await Eventually.HoldsAsync(async () => await ServersAsync(database) == 2, "both processes serve");
        await RunAgainAsync(database);
        (await FieldAsync(database, "statistics-RealEstate", "CreatedAt")).Should().Be(created, "it is the same job");
        await Eventually.HoldsAsync(
            async () => (await Deployment.ColumnAsync(database, RunBy)).Count == 2,
            "both run some of the jobs",
            TimeSpan.FromSeconds(60)
        );

        await first.KillAsync();
        await RunAgainAsync(database);
        await Eventually.HoldsAsync(
            async () =>
                (
                    await Deployment.ColumnAsync(
                        database,
                        "SELECT COUNT(*) FROM hangfire_job_queue WHERE fetched_at < UTC_TIMESTAMP(6) - INTERVAL 5 SECOND"
                    )
                ).Single() == "0",
            "what the killed process held is run by the other within its lease"
        );
        await SoundAsync(database, "statistics-");
    }

    [Fact]
    public async Task A_database_that_is_dropped_gets_its_jobs_again()
    {
        var database = await fixture.Server.NewDatabaseAsync("processing");
        await using var processing = Processing(database, "http://127.0.0.1:1/storage");
        await processing.StartAsync();
        await processing.ReadyAsync();
        await ScheduledAsync(database, "statistics-RealEstate");
        var name = new MySqlConnector.MySqlConnectionStringBuilder(database).Database;

        await fixture.Server.ExecuteAsync($"DROP DATABASE {name}");

        await Eventually.HoldsAsync(
            async () => (await Deployment.ColumnAsync(database, "SELECT COUNT(*) FROM hangfire_server")).Single() == "1",
            "the tables and the server are there again",
            TimeSpan.FromSeconds(60)
        );
        await ScheduledAsync(database, "statistics-RealEstate");
        await RunAgainAsync(database);
    }

    public void Dispose() => _logs.Dispose();

    private async Task OutageAsync(TimeSpan away)
    {
        var server = fixture.Server;
        var processingDatabase = await server.NewDatabaseAsync("processing");
        var consistencyDatabase = await server.NewDatabaseAsync("consistency");
        await using var storage = await StorageProcess.StartAsync(server);
        await using var processing = Processing(processingDatabase, storage.Url);
        await using var consistency = Consistency(consistencyDatabase, storage.Url);
        await using (await server.AwayAsync())
        {
            await Task.WhenAll(processing.StartAsync(), consistency.StartAsync());
            foreach (var service in new[] { processing, consistency })
            {
                await Eventually.HoldsAsync(async () => await StatusAsync(service, "health/live") == HttpStatusCode.OK, "it lives");
                (await StatusAsync(service, "health/ready")).Should().Be(HttpStatusCode.ServiceUnavailable);
            }
        }
        await Task.WhenAll(processing.ReadyAsync(), consistency.ReadyAsync());
        await WorkingAsync();

        await using (await server.AwayAsync())
        {
            // The time itself is what is tried: how often who gives up is counted in it.
            await Task.Delay(away, TestContext.Current.CancellationToken);
            processing.IsRunning.Should().BeTrue();
            consistency.IsRunning.Should().BeTrue();
        }
        await WorkingAsync();

        async Task WorkingAsync()
        {
            // Everyone who was told to wait longer and longer has come back after that.
            var within = TimeSpan.FromSeconds(90);
            await RunAgainAsync(processingDatabase, within);
            await RunAgainAsync(consistencyDatabase, within);
            await SoundAsync(processingDatabase, "statistics-");
            await SoundAsync(consistencyDatabase, "consistency");
        }
    }

    private ServiceProcess Processing(string database, string storage) =>
        new("Processing", Settings(database, new() { ["services__storage__url"] = storage }), _logs.Path);

    private ServiceProcess Consistency(string database, string storage) =>
        new(
            "Consistency",
            Settings(
                database,
                new()
                {
                    ["services__storage__url"] = storage,
                    ["services__analyzer__url"] = "http://127.0.0.1:1/analyzer",
                    ["services__receiver__url"] = "http://127.0.0.1:1/receiver",
                    ["services__processing__url"] = "http://127.0.0.1:1/processing",
                }
            ),
            _logs.Path
        );

    private Dictionary<string, string?> Settings(string database, Dictionary<string, string?> own) =>
        new(own)
        {
            ["ConnectionStrings__MySql"] = database,
            ["Hangfire__Lease"] = Lease,
            ["scheduler__interval"] = "1s",
            ["scheduler__polling"] = "500ms",
            ["datastore__filename"] = Path.Combine(_logs.Path, "data.json"),
        };

    /// <summary>Jobs are created and end, after now. Whether they find their services does not matter here.</summary>
    private static async Task RunAgainAsync(string database, TimeSpan? within = null)
    {
        var last = long.Parse(
            (await Deployment.ColumnAsync(database, "SELECT COALESCE(MAX(id), 0) FROM hangfire_job")).Single(),
            System.Globalization.CultureInfo.InvariantCulture
        );
        await Eventually.HoldsAsync(
            async () =>
                (
                    await Deployment.ColumnAsync(
                        database,
                        $"SELECT id FROM hangfire_job WHERE id > {last} AND state_name IN ('Succeeded', 'Deleted') LIMIT 2"
                    )
                ).Count == 2,
            "its jobs run",
            within
        );
    }

    /// <summary>No job that could not be loaded, none switched off, and none of another service.</summary>
    private static async Task SoundAsync(string database, string own)
    {
        var jobs = await Deployment.ColumnAsync(database, "SELECT value FROM hangfire_set WHERE `key` = 'recurring-jobs'");
        jobs.Should().NotBeEmpty().And.OnlyContain(job => job.StartsWith(own, StringComparison.Ordinal));
        foreach (var job in jobs)
        {
            await ScheduledAsync(database, job);
            (await FieldAsync(database, job, "Error")).Should().BeNullOrEmpty();
        }
        (
            await Deployment.ColumnAsync(
                database,
                "SELECT CONCAT(name, ': ', COALESCE(reason, ''), ' ', COALESCE(data, '')) FROM hangfire_state WHERE data LIKE '%LoadException%' OR reason LIKE '%LoadException%' OR data LIKE '%Could not load%'"
            )
        )
            .Should()
            .BeEmpty();
    }

    private static Task ScheduledAsync(string database, string job) =>
        Eventually.HoldsAsync(
            async () => await FieldAsync(database, job, "NextExecution") is { Length: > 0 },
            $"{job} has a next run",
            TimeSpan.FromSeconds(60)
        );

    private static async Task<string?> FieldAsync(string database, string job, string field) =>
        (
            await Deployment.ColumnAsync(
                database,
                $"SELECT COALESCE(value, '') FROM hangfire_hash WHERE `key` = 'recurring-job:{job}' AND field = '{field}'"
            )
        ).SingleOrDefault();

    private static async Task<int> ServersAsync(string database) =>
        (await Deployment.ColumnAsync(database, "SELECT id FROM hangfire_server")).Count;

    private const string RunBy =
        "SELECT DISTINCT JSON_UNQUOTE(JSON_EXTRACT(data, '$.ServerId')) FROM hangfire_state WHERE name = 'Processing' AND "
        + "JSON_UNQUOTE(JSON_EXTRACT(data, '$.ServerId')) COLLATE utf8mb4_bin IN (SELECT id FROM hangfire_server)";

    private static async Task<HttpStatusCode> StatusAsync(ServiceProcess service, string path)
    {
        using var reply = await Http.GetAsync(new Uri(service.Address, path));
        return reply.StatusCode;
    }
}
