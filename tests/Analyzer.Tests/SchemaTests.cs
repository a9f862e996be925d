using Analyzer.Persistence;
using Microsoft.EntityFrameworkCore;
using TestSupport;

namespace Analyzer.Tests;

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
        await Deployment.ColumnAsync(connectionString, "INSERT INTO position_head VALUES (1, 5, 5)");
        await Deployment.ColumnAsync(connectionString, "DELETE FROM `__EFMigrationsHistory`");
        await MigrateAsync(connectionString);

        await using var db = Open(connectionString);
        db.Database.HasPendingModelChanges().Should().BeFalse("a change of an entity needs a migration");
        // Every column is there under the name the model has for it.
        (await db.Index.OrderBy(row => row.Position).ToListAsync())
            .Should()
            .BeEmpty();
        (await db.Heads.SingleAsync())
            .Should()
            .BeEquivalentTo(
                new PositionHead
                {
                    TypeId = 1,
                    NextPosition = 5,
                    Events = 5,
                }
            );
    }

    [Theory]
    [InlineData("SELECT partition_no, bucket, COUNT(*), BIT_XOR(digest) FROM event_index GROUP BY partition_no, bucket")]
    [InlineData(
        "SELECT partition_no, bucket, type_id, COUNT(*), BIT_XOR(digest) FROM event_index WHERE partition_no = 1 AND bucket > 7 GROUP BY partition_no, bucket, type_id"
    )]
    public async Task Digests_by_bucket_are_read_from_an_index_alone(string query)
    {
        var connectionString = await fixture.Server.NewDatabaseAsync("schema");
        await MigrateAsync(connectionString);

        var plan = await ExplainAsync(connectionString, query);

        plan.Should()
            .Contain("event_index_digest")
            .And.MatchRegex("Using index|[Cc]overing index")
            .And.NotContain("filesort")
            .And.NotContain("temporary");
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var db = Open(connectionString);
        await db.Database.MigrateAsync();
    }

    private static AnalyzerDb Open(string connectionString) =>
        new(new DbContextOptionsBuilder<AnalyzerDb>().UseMySql(connectionString, new MySqlServerVersion(new Version(8, 0, 36))).Options);

    private static async Task<string> ExplainAsync(string connectionString, string sql)
    {
        await using var connection = new MySqlConnector.MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlConnector.MySqlCommand($"EXPLAIN {sql}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        // One server answers with a table, the other with a tree of text.
        return string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), null)));
    }
}
