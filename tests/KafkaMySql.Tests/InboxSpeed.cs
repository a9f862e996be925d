using System.Diagnostics;
using MassTransit.Kafka.Extensions;
using MySqlConnector;
using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>How fast the inbox is beside a bare loop of multi-row inserts into the same table; run by hand, since time is no verdict.</summary>
public abstract class InboxSpeed(DatabaseFixture database)
{
    private const int Batch = 500;
    private const int Batches = 200;

    [Fact(Explicit = true)]
    public async Task The_inbox_beside_a_bare_insert_loop()
    {
        await using var reader = await InboxTestReader.StartAsync(database.Server);
        await reader.ApplyAsync(new InboxTestLog(3).Many(Batch));
        await BareAsync(reader, new InboxTestLog(2, "warm-up"), 20);
        for (var run = 0; run < 3; run++)
        {
            var bare = await BareAsync(reader, new InboxTestLog(2, $"bare-{run}"), Batches);
            var inbox = await InboxAsync(reader, run);
            TestContext.Current.SendDiagnosticMessage($"bare {bare:N0} rows/s, inbox {inbox:N0} rows/s, {inbox / bare:P0}");
            await Console.Error.WriteLineAsync($"bare {bare:N0} rows/s, inbox {inbox:N0} rows/s, {inbox / bare:P0}");
        }
    }

    private static async Task<double> InboxAsync(InboxTestReader reader, int run)
    {
        var log = new InboxTestLog(run);
        var records = Enumerable.Range(0, Batches + 5).Select(_ => Unique(log, run)).ToArray();
        for (var i = 0; i < 5; i++)
            await reader.ApplyAsync(records[i]);
        var clock = Stopwatch.StartNew();
        for (var i = 5; i < records.Length; i++)
            await reader.ApplyAsync(records[i]);
        return Batch * Batches / clock.Elapsed.TotalSeconds;
    }

    private static RawRecord[] Unique(InboxTestLog log, int run) =>
        [.. Enumerable.Range(0, Batch).Select(number => log.Next("a", "text", $"r{run}-{log.End}"))];

    // Decoding belongs to both: what is compared is what exactly-once costs.
    private static async Task<double> BareAsync(InboxTestReader reader, InboxTestLog log, int batches)
    {
        var table = new InboxTestTable("events_a");
        var decoder = InboxTestMessage.Decoder("a");
        var records = Enumerable.Range(0, batches).Select(_ => log.Many(Batch)).ToArray();
        await using var connection = new MySqlConnection(reader.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        var row = 1_000_000L * Environment.TickCount64 % 1_000_000_000_000;
        var clock = Stopwatch.StartNew();
        foreach (var batch in records)
        {
            await ExecuteAsync(connection, "START TRANSACTION");
            var events = batch.Select(record => Event(decoder, record, row++)).ToList();
            await table.InsertAsync(connection, events, CancellationToken.None);
            await ExecuteAsync(connection, "COMMIT");
        }
        return Batch * batches / clock.Elapsed.TotalSeconds;
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string statement)
    {
        await using var command = new MySqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static InboxEvent Event(InboxDecoder decoder, RawRecord record, long row)
    {
        var content = (InboxContent.Event)decoder(record);
        var seq = InboxTestLog.SeqOf(record);
        return new InboxEvent
        {
            TypeId = content.TypeId,
            TraceId = content.TraceId,
            Digest = content.Digest,
            Message = content.Message,
            Record = record,
            Partition = record.Partition,
            Seq = seq,
            Bucket = seq / 4096,
            RowNo = row,
            At = DateTime.UtcNow,
        };
    }
}

[Collection(InboxOnMariaDb.Name)]
public sealed class InboxSpeedOnMariaDb(MariaDbFixture database) : InboxSpeed(database);

[Collection(InboxOnMySql.Name)]
public sealed class InboxSpeedOnMySql(MySqlFixture database) : InboxSpeed(database);
