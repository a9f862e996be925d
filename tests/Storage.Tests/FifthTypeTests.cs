using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Serialization;
using Contracts;
using KafkaMySql;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Storage.Persistence;
using Storage.Writing;
using TestSupport;

namespace Storage.Tests;

/// <summary>Builds the type of <c>docs/add-an-event-type.md</c> and takes it from a request to its table and back.</summary>
public sealed class FifthTypeTests(MariaDbFixture fixture)
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "add-an-event-type.md"));

    [Fact]
    public void The_pages_code_is_the_code_that_is_built_here()
    {
        var here = Squeeze(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Storage.Tests", "FifthTypeTests.cs")));

        // The others are for other services; a test of all of them builds those.
        string[] elsewhere = ["EventTableNames.HeartRates,", "Figure.", "LimitDetector"];
        foreach (var block in Blocks("csharp").Where(block => !elsewhere.Any(block.Contains)))
            here.Should().Contain(Squeeze(block));
        Blocks("csharp").Should().HaveCount(4 + elsewhere.Length);
    }

    [Fact]
    public async Task One_record_one_catalog_line_and_one_table_carry_an_event_from_its_request_to_its_row()
    {
        var type = FifthCatalog.HeartRates;
        var body = """{"user_id":"u-1","beats":154,"variability":42.75,"timestamp":"now","note":"é"}""";

        // A request is checked by what the record says.
        type.Check("""{"user_id":"u-1","beats":1.5,"variability":1,"timestamp":"now"}"""u8.ToArray(), out var error).Should().BeNull();
        error.Should().Contain("'beats'");
        var message = (HeartRatePosted)
            type.Check(Encoding.UTF8.GetBytes(body), out _)!.Accept(Guid.CreateVersion7(), DateTimeOffset.UtcNow);
        type.Key(message).Should().Be("u-1");
        Encoding.UTF8.GetString(message.ToPayload().Span).Should().Be($"{body[..^1]},\"trace_id\":\"{message.TraceId}\"}}");

        // The page's statement makes the table, with the columns that the catalog describes.
        var connectionString = await fixture.Server.NewDatabaseAsync("fifth");
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false;DateTimeKind=Utc");
        await connection.OpenAsync();
        await ExecuteAsync(connection, Blocks("sql").Single());
        await ExecuteAsync(
            connection,
            "CREATE TABLE event_count (row_partition SMALLINT UNSIGNED, type_id SMALLINT UNSIGNED, stored_events BIGINT, PRIMARY KEY (row_partition, type_id))"
        );
        foreach (var field in type.Fields)
            (
                await TextAsync(
                    connection,
                    $"SELECT UPPER(COLUMN_TYPE) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'heart_data' AND COLUMN_NAME = '{field.Name}'"
                )
            )
                .Should()
                .StartWith(field.ColumnType);
        await using (var db = new FifthDb(connectionString))
            db.Model.FindEntityType(typeof(HeartRate))!.GetTableName().Should().Be("heart_data");

        // The reader's table for every type writes it.
        var table = new EventTable(FifthTables.HeartRates);
        await table.InsertAsync(
            connection,
            [
                new InboxEvent
                {
                    TypeId = type.Id,
                    TraceId = message.Identity,
                    Message = message,
                    Partition = 2,
                    Seq = 7,
                    Bucket = 0,
                    Digest = type.Digest(message),
                    RowNo = 1,
                    At = DateTime.UtcNow,
                    Record = new MassTransit.Kafka.Extensions.RawRecord
                    {
                        Topic = "events",
                        Partition = 2,
                        Offset = 0,
                        Timestamp = DateTime.UtcNow,
                    },
                },
            ],
            CancellationToken.None
        );

        // And what is in the row has the digest of what was sent.
        (await table.DigestsAsync(connection, [message.Identity], CancellationToken.None))[message.Identity]
            .Should()
            .Be(type.Digest(message));
        await using var command = new MySqlCommand("SELECT user_id, beats, variability, `timestamp` FROM heart_data", connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        type.Digest(message.Identity, [row.GetValue(0), row.GetValue(1), row.GetValue(2), row.GetValue(3)])
            .Should()
            .Be(type.Digest(message));
    }

    private static string[] Blocks(string language) =>
        [.. Page.Split($"```{language}\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])];

    private static string Squeeze(string text) =>
        string.Concat(text.Where(c => !char.IsWhiteSpace(c)))
            .Replace("EventCatalog.HeartRates", "FifthCatalog.HeartRates", StringComparison.Ordinal);

    private static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string?> TextAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), null);
    }

    private static class FifthCatalog
    {
        /// <summary>Heart rates of Runify.</summary>
        public static EventType HeartRates { get; } =
            EventType.Of<HeartRatePosted>(5, "heart_rate", EventSystem.Runify, "user_id", "user_id");
    }

    private static class FifthTables
    {
        public static EventTableNames HeartRates { get; } = new(FifthCatalog.HeartRates, "heart_data", "user_id", "date_created");
    }

    private sealed class FifthDb(string connectionString) : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder options) =>
            options.UseMySql(connectionString, new MySqlServerVersion(new Version(8, 0, 36)));

        protected override void OnModelCreating(ModelBuilder modelBuilder) =>
            modelBuilder.Entity<HeartRate>().ToEventTable(FifthTables.HeartRates);
    }
}

/// <summary>The Receiver accepted a heart rate. Keyed by <see cref="UserId"/>, so that a user's events stay in order.</summary>
public sealed record HeartRatePosted : EventMessage
{
    /// <summary>Whose heart it is.</summary>
    [JsonPropertyName("user_id"), MaxLength(250)]
    public required string UserId { get; init; }

    /// <summary>Beats a minute.</summary>
    [JsonPropertyName("beats")]
    public required long Beats { get; init; }

    /// <summary>How much the time between two beats varies, in milliseconds.</summary>
    [JsonPropertyName("variability")]
    public required double Variability { get; init; }

    /// <summary>When it was, as the client wrote it.</summary>
    [JsonPropertyName("timestamp"), MaxLength(100)]
    public required string Timestamp { get; init; }

    /// <summary>The event's identity, a UUID that the Receiver gives.</summary>
    [JsonPropertyName("trace_id"), MaxLength(100)]
    public required string TraceId { get; init; }

    /// <inheritdoc/>
    public override string Identity => TraceId;
}

/// <summary>A row of <c>heart_data</c>.</summary>
internal sealed class HeartRate : StoredEvent
{
    public required string UserId { get; init; }

    public long Beats { get; init; }

    public double Variability { get; init; }

    public required string Timestamp { get; init; }

    public required string TraceId { get; init; }
}
