using Contracts;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using ServiceDefaults;
using TestSupport;
using static TestSupport.StoredRows;

namespace Consistency.Tests;

/// <summary>A reader that keeps all types in one table with the messages as they were published, as an index of the topic does.</summary>
public sealed class PayloadSideTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task An_index_of_payloads_agrees_with_the_tables_and_what_is_changed_in_it_is_named()
    {
        await using var receiver = await ReceiverStub.StartAsync();
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        EventMessage[] messages = [Listing(1), Listing(2.5m), Bid(3), Bid(4), Listing(5)];
        receiver.Append(0, messages);
        await storage.Rows.AddAsync(0, messages);
        var database = await fixture.Server.NewDatabaseAsync("index");
        await FillAsync(database, storage.Rows.ConnectionString, messages);
        using var folder = new TemporaryFolder();
        await using var index = await IndexAsync(database, folder);
        var url = index.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await using var check = await ConsistencyHost.StartAsync(fixture.Server, storage.Url, url, receiver.Url, receiver.Processing);

        await check.UpdateAsync();
        (await check.OpenAsync()).Should().BeEmpty();
        (await check.ChecksAsync()).GetProperty("counts").GetProperty("queue").ToString().Should().Be("""{"listings":3,"bids":2}""");

        var rows = new StoredRows(database);
        await rows.ExecuteAsync($"DELETE FROM event_index WHERE trace_id = '{messages[3].Identity}'");
        await rows.ExecuteAsync(
            $"UPDATE event_index SET payload = REPLACE(payload, 'Condo', 'House') WHERE trace_id = '{messages[1].Identity}'"
        );
        await check.UpdateAsync();

        (await check.OpenAsync())
            .Should()
            .BeEquivalentTo([("missing_in_queue", messages[3].Identity), ("different", messages[1].Identity)]);
    }

    private static async Task<Microsoft.AspNetCore.Builder.WebApplication> IndexAsync(string database, TemporaryFolder folder)
    {
        var identity = new ServiceIdentity
        {
            Name = "index",
            Listeners = [new ServiceListener("main", "/index", 0)],
            Database = "index",
        };
        var builder = ServiceHost.CreateBuilder([
            "--Server:Address=127.0.0.1",
            "--Server:Port=0",
            $"--Logs:Folder={folder.Path}",
            $"--ConnectionStrings:MySql={database}",
        ]);
        builder.AddServiceDefaults(identity);
        builder.AddServiceDatabase(identity);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapSide("index", SideTable.OfPayloads("event_index", "event_id", "payload"));
        await app.StartAsync();
        return app;
    }

    private static async Task FillAsync(string database, string storage, EventMessage[] messages)
    {
        var rows = new StoredRows(database);
        var from = new MySqlConnectionStringBuilder(storage).Database;
        foreach (var table in new[] { "partition_progress", "dead_letter", "parked", "expired" })
            await rows.ExecuteAsync($"CREATE TABLE {table} LIKE {from}.{table}");
        await rows.ExecuteAsync(
            $"""
            INSERT INTO partition_progress SELECT * FROM {from}.partition_progress;
            UPDATE partition_progress SET consumer = 'index';
            CREATE TABLE event_index (
                type_id SMALLINT UNSIGNED NOT NULL, trace_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, event_id VARCHAR(250) NOT NULL,
                partition_no SMALLINT UNSIGNED NOT NULL, seq BIGINT UNSIGNED NULL, bucket BIGINT UNSIGNED NOT NULL, digest BIGINT UNSIGNED NOT NULL,
                payload MEDIUMBLOB NOT NULL,
                PRIMARY KEY (trace_id, type_id), KEY event_index_digest (partition_no, bucket, type_id, digest))
            """
        );
        await using var connection = new MySqlConnection(database);
        await connection.OpenAsync();
        foreach (var (number, message) in messages.Index())
        {
            var type = EventCatalog.Of(message);
            var seq = FirstSeq + (ulong)number + 1;
            await using var insert = new MySqlCommand(
                $"INSERT INTO event_index VALUES ({type.Id}, @trace, @event, 0, {seq}, {seq / 4096}, {type.Digest(message)}, @payload)",
                connection
            );
            insert.Parameters.AddWithValue("@trace", message.Identity);
            insert.Parameters.AddWithValue("@event", type.EventId(message));
            insert.Parameters.AddWithValue("@payload", message.ToPayload().ToArray());
            await insert.ExecuteNonQueryAsync();
        }
    }
}
