using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using MySqlConnector;
using Storage.Persistence;
using TestSupport;

namespace Storage.Tests;

public sealed class SchemaOnMariaDb(MariaDbFixture fixture) : SchemaTests(fixture);

[Collection(OnMySql.Name)]
public sealed class SchemaOnMySql(MySqlFixture fixture) : SchemaTests(fixture);

public abstract class SchemaTests(DatabaseFixture fixture)
{
    [Fact]
    public void The_migrations_are_up_to_date_with_the_model()
    {
        using var db = Open(fixture.Server.ConnectionString("none"));

        db.Database.HasPendingModelChanges().Should().BeFalse("a change of an entity needs a migration");
    }

    [Fact]
    public async Task Processes_that_start_at_once_make_the_tables_once_and_they_are_those_of_the_model()
    {
        var connectionString = await fixture.Server.NewDatabaseAsync("schema");
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        await using var db = Open(connectionString);
                        await db.Database.MigrateAsync();
                    })
                )
        );

        await using var db = Open(connectionString);
        foreach (var entity in db.Model.GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            (await ColumnsAsync(connectionString, table)).Should().BeEquivalentTo(ModelColumns(entity), table);
            (await IndexesAsync(connectionString, table)).Should().BeEquivalentTo(ModelIndexes(entity), table);
        }
    }

    [Fact]
    public async Task A_start_that_was_ended_half_way_is_finished_by_the_next_and_loses_nothing()
    {
        var connectionString = await fixture.Server.NewDatabaseAsync("schema");
        await using (var db = Open(connectionString))
            await db.Database.MigrateAsync();
        await ExecuteAsync(connectionString, "INSERT INTO event_count VALUES (0, 1, 5)");
        await ExecuteAsync(connectionString, "DELETE FROM `__EFMigrationsHistory`");
        await ExecuteAsync(connectionString, "DROP TABLE music_data");

        await using var again = Open(connectionString);
        await again.Database.MigrateAsync();

        (await again.EventCounts.SingleAsync()).Stored.Should().Be(5);
        (await again.Songs.CountAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Digests_by_bucket_are_read_from_an_index_alone()
    {
        var connectionString = await fixture.Server.NewDatabaseAsync("schema");
        await using (var db = Open(connectionString))
            await db.Database.MigrateAsync();
        foreach (var table in EventTableNames.All)
        {
            var plan = await ExplainAsync(
                connectionString,
                $"SELECT partition_no, bucket, COUNT(*), BIT_XOR(digest) FROM {table.Table} GROUP BY partition_no, bucket"
            );

            plan.Should().MatchRegex("Using index|Covering index scan").And.NotContain("filesort").And.NotContain("temporary");
        }
    }

    private static StorageDb Open(string connectionString) =>
        new(new DbContextOptionsBuilder<StorageDb>().UseMySql(connectionString, new MySqlServerVersion(new Version(8, 0, 36))).Options);

    private static List<string> ModelColumns(IEntityType entity) =>
        [
            .. entity
                .GetProperties()
                .Select(property =>
                    $"{property.GetColumnName()} {property.GetColumnType().ToLowerInvariant()} {(property.IsNullable ? "NULL" : "NOT NULL")}"
                ),
        ];

    private static List<string> ModelIndexes(IEntityType entity) =>
        [
            "PRIMARY unique " + string.Join(',', entity.FindPrimaryKey()!.Properties.Select(property => property.GetColumnName())),
            .. entity
                .GetIndexes()
                .Select(index =>
                    $"{index.GetDatabaseName()}{(index.IsUnique ? " unique" : "")} {string.Join(',', index.Properties.Select(property => property.GetColumnName()))}"
                ),
        ];

    // MariaDB still says bigint(20), which means bigint.
    private static async Task<List<string>> ColumnsAsync(string connectionString, string table)
    {
        var columns = await Deployment.ColumnAsync(
            connectionString,
            $"""
            SELECT CONCAT(column_name, ' ', LOWER(column_type), IF(is_nullable = 'YES', ' NULL', ' NOT NULL'))
            FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{table}'
            """
        );
        return columns.ConvertAll(column => Regex.Replace(column, @"int\(\d+\)", "int"));
    }

    private static Task<List<string>> IndexesAsync(string connectionString, string table) =>
        Deployment.ColumnAsync(
            connectionString,
            $"""
            SELECT CONCAT(index_name, IF(MAX(non_unique) = 0, ' unique', ''), ' ', GROUP_CONCAT(column_name ORDER BY seq_in_index))
            FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = '{table}' GROUP BY index_name
            """
        );

    private static async Task<string> ExplainAsync(string connectionString, string sql)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand($"EXPLAIN {sql}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        // One server answers with a table, the other with a tree of text.
        return string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), null)));
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
