using Microsoft.EntityFrameworkCore;
using Processing.Persistence;
using TestSupport;

namespace Processing.Tests;

public sealed class SchemaTests(MariaDbFixture fixture)
{
    [Fact]
    public void The_migrations_are_up_to_date_with_the_model()
    {
        using var db = Open(fixture.Server.ConnectionString("none"));

        db.Database.HasPendingModelChanges().Should().BeFalse("a change of an entity needs a migration");
    }

    [Fact]
    public async Task Processes_that_start_at_once_make_the_tables_once_and_keep_what_is_in_them()
    {
        var connectionString = await fixture.Server.NewDatabaseAsync("schema");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => MigrateAsync(connectionString))));
        await using (var db = Open(connectionString))
        {
            db.Statistics.Add(
                new TypeStatistics
                {
                    TypeId = 1,
                    Rows = "0=1",
                    Columns =
                    {
                        new ColumnStatistics
                        {
                            TypeId = 1,
                            Name = "x",
                            Total = 1e27m,
                        },
                    },
                }
            );
            await db.SaveChangesAsync();
        }

        await MigrateAsync(connectionString);

        await using var again = Open(connectionString);
        (await again.Statistics.Include(type => type.Columns).SingleAsync()).Columns.Single().Total.Should().Be(1e27m);
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var db = Open(connectionString);
        await db.Database.MigrateAsync();
    }

    private static ProcessingDb Open(string connectionString) =>
        new(new DbContextOptionsBuilder<ProcessingDb>().UseMySql(connectionString, new MySqlServerVersion(new Version(8, 0, 36))).Options);
}
