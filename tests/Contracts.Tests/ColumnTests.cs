using System.Globalization;
using CsCheck;
using MySqlConnector;
using TestSupport;
using TestSupport.Events;

namespace Contracts.Tests;

/// <summary>What the Receiver answers 201 the columns can hold, and the row says the same as the message: asked of a real server.</summary>
public abstract class ColumnTests(DatabaseFixture database)
{
    [Fact]
    public async Task What_is_accepted_fits_its_columns_and_has_the_same_digest_when_read_back()
    {
        var connectionString = await database.Server.NewDatabaseAsync("columns");
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        Execute(connection, "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO'");
        foreach (var type in EventCatalog.All)
            Execute(connection, CreateTable(type));

        EventGenerator.Message.Sample(message => StoreAndCompare(connection, message), iter: 1_500, threads: 1);
    }

    private static void StoreAndCompare(MySqlConnection connection, EventMessage message)
    {
        var type = EventCatalog.Of(message);
        var fields = type.Fields.Append(type.TraceId).ToList();
        Execute(connection, $"DELETE FROM `{type.Name}`");
        using var insert = new MySqlCommand(
            $"INSERT INTO `{type.Name}` VALUES ({string.Join(',', fields.Select((_, at) => $"@p{at}"))})",
            connection
        );
        foreach (var (at, field) in fields.Index())
            insert.Parameters.AddWithValue($"@p{at}", field.ColumnValue(message));
        insert.ExecuteNonQuery().Should().Be(1);

        using var select = new MySqlCommand($"SELECT * FROM `{type.Name}`", connection);
        using var reader = select.ExecuteReader();
        reader.Read().Should().BeTrue();
        var columns = new object?[type.Fields.Count];
        for (var at = 0; at < columns.Length; at++)
            columns[at] = reader.GetValue(at);
        var traceId = Convert.ToString(reader.GetValue(columns.Length), CultureInfo.InvariantCulture)!;
        type.Digest(traceId, columns).Should().Be(type.Digest(message));
    }

    private static string CreateTable(EventType type) =>
        $"CREATE TABLE `{type.Name}` ("
        + string.Join(
            ", ",
            type.Fields.Append(type.TraceId).Select(field => $"`{field.Name}` {field.ColumnType} {(field.Required ? "NOT NULL" : "NULL")}")
        )
        + ") CHARACTER SET utf8mb4";

    private static void Execute(MySqlConnection connection, string sql)
    {
        using var command = new MySqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
