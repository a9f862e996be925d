using Anomalies.Persistence;
using Microsoft.EntityFrameworkCore;
using TestSupport;

namespace Anomalies.Tests;

public sealed class SchemaOnMariaDb(MariaDbFixture fixture) : SchemaTests(fixture);

[Collection(OnMySql.Name)]
public sealed class SchemaOnMySql(MySqlFixture fixture) : SchemaTests(fixture);

public abstract class SchemaTests(DatabaseFixture fixture)
{
    [Fact]
    public async Task Processes_that_start_at_once_make_the_tables_of_the_model_and_lose_nothing_when_they_start_again()
    {
        var connectionString = await fixture.Server.NewDatabaseAsync("schema");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => MigrateAsync(connectionString))));
        await Deployment.ColumnAsync(connectionString, "INSERT INTO anomaly_head VALUES (1, 5, NULL)");
        await Deployment.ColumnAsync(connectionString, "DELETE FROM `__EFMigrationsHistory`");
        await MigrateAsync(connectionString);

        await using var db = Open(connectionString);
        db.Database.HasPendingModelChanges().Should().BeFalse("a change of an entity needs a migration");
        // Every column is there under the name the model has for it.
        (await db.Anomalies.OrderBy(row => row.Id).ToListAsync())
            .Should()
            .BeEmpty();
        (await db.Heads.SingleAsync()).Should().BeEquivalentTo(new AnomalyHead { Id = 1, NextNo = 5 });
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var db = Open(connectionString);
        await db.Database.MigrateAsync();
    }

    private static AnomaliesDb Open(string connectionString) =>
        new(new DbContextOptionsBuilder<AnomaliesDb>().UseMySql(connectionString, new MySqlServerVersion(new Version(8, 0, 36))).Options);
}
