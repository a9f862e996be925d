using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using TestSupport;

namespace ServiceDefaults.Tests;

public sealed class DatabaseTests
{
    [Fact]
    public async Task A_service_starts_without_its_database_says_so_and_goes_on_when_it_comes()
    {
        await using var server = new MariaDbServer();
        await using var service = await SampleService.StartAsync(
            configure: AddDatabase,
            settings: $"ConnectionStrings:MySql={server.ConnectionString()}"
        );
        var database = service.App.Services.GetRequiredService<ServiceDatabase>();

        await Eventually.HoldsAsync(
            async () => await DatabaseSentenceAsync(service) is { } said && said.Contains("does not answer"),
            "readiness names the database"
        );
        (await service.Main.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);

        await server.StartAsync();
        await database.WhenReadyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        database.Name.Should().Be("sample");
        (await service.Main.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);

        // Somebody empties it under the running service.
        await server.ExecuteAsync("DROP DATABASE sample");
        await Eventually.HoldsAsync(
            async () =>
            {
                await server.ExecuteAsync("SELECT 1 FROM thing LIMIT 0", "sample");
                return true;
            },
            "database and table are made again"
        );
    }

    private static async Task<string?> DatabaseSentenceAsync(SampleService service)
    {
        var reply = await service.Main.GetAsync("/health/ready");
        using var health = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return health.RootElement.GetProperty("dependencies").GetProperty("database").GetProperty("description").GetString();
    }

    private static void AddDatabase(WebApplicationBuilder builder)
    {
        builder.AddServiceDatabase(SampleService.Identity);
        builder.Services.AddSingleton<IDatabaseSchema, ThingSchema>();
    }

    private sealed class ThingSchema(ServiceDatabase database) : IDatabaseSchema
    {
        public string Probe => "SELECT 1 FROM thing LIMIT 0";

        public async Task ApplyAsync(CancellationToken cancellationToken)
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            await using var command = new MySqlCommand("CREATE TABLE IF NOT EXISTS thing (id INT PRIMARY KEY)", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
