using System.Globalization;
using MySqlConnector;

namespace TestSupport;

/// <summary>
/// Compares what clients were promised with what lies in the databases. It reads the tables itself and shares no code with the services.
/// </summary>
public static class Ledger
{
    /// <summary>Every trace id in the log, with its partition.</summary>
    public static Task<List<string>> LogAsync(IPlatform platform) =>
        Deployment.ColumnAsync(platform.LogDatabase, "SELECT trace_id FROM event_log");

    /// <summary>Every trace id in Storage's four tables.</summary>
    public static Task<List<string>> StoredAsync(IPlatform platform) =>
        Deployment.ColumnAsync(
            platform.TableDatabase,
            """
            SELECT CAST(trace_id AS CHAR) FROM listings UNION ALL SELECT CAST(trace_id AS CHAR) FROM bids
            UNION ALL SELECT trace_id FROM running_data UNION ALL SELECT trace_id FROM music_data
            """
        );

    /// <summary>How many rows Storage has.</summary>
    public static async Task<int> StoredCountAsync(IPlatform platform) =>
        int.Parse(
            (
                await Deployment.ColumnAsync(
                    platform.TableDatabase,
                    "SELECT (SELECT COUNT(*) FROM listings) + (SELECT COUNT(*) FROM bids) + (SELECT COUNT(*) FROM running_data) + (SELECT COUNT(*) FROM music_data)"
                )
            ).Single(),
            CultureInfo.InvariantCulture
        );

    /// <summary>Waits until Storage has as many rows as the log, and fails with the difference when it does not get there.</summary>
    public static Task CaughtUpAsync(IPlatform platform, TimeSpan? within = null) =>
        Eventually.HoldsAsync(
            async () =>
            {
                var log = int.Parse(
                    (await Deployment.ColumnAsync(platform.LogDatabase, "SELECT COUNT(*) FROM event_log")).Single(),
                    CultureInfo.InvariantCulture
                );
                var stored = await StoredCountAsync(platform);
                return stored >= log ? true : throw new InvalidOperationException($"{stored} rows stored of {log} in the log");
            },
            "Storage has every row of the log",
            within ?? TimeSpan.FromSeconds(90),
            TimeSpan.FromMilliseconds(100)
        );

    /// <summary>Fails unless every accepted event is in the log once and stored once, and nothing is stored that no log has.</summary>
    public static async Task EveryAcceptedEventIsStoredOnceAsync(IPlatform platform, Journal journal)
    {
        await CaughtUpAsync(platform);
        var log = await LogAsync(platform);
        var stored = await StoredAsync(platform);
        Require(log.Count == log.Distinct().Count(), "a trace id stands in the log twice");
        Require(stored.Count == stored.Distinct().Count(), "a trace id is stored twice");
        var inLog = log.ToHashSet();
        var inTables = stored.ToHashSet();
        Require(
            journal.Accepted.Keys.All(inLog.Contains),
            "an event answered 201 is not in the log",
            Example(journal.Accepted.Keys, inLog)
        );
        Require(
            journal.Accepted.Keys.All(inTables.Contains),
            "an event answered 201 is not stored",
            Example(journal.Accepted.Keys, inTables)
        );
        Require(inTables.IsSubsetOf(inLog), "an event is stored that is not in the log", Example(inTables, inLog));
    }

    /// <summary>Fails when a row's <c>after_seq</c> is not the seq of the row before it in its partition.</summary>
    public static async Task TheChainHasNoHoleAsync(string logDatabase)
    {
        await using var connection = new MySqlConnection(logDatabase + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(
            "SELECT partition_no, seq, after_seq FROM event_log ORDER BY partition_no, seq",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync();
        var (partition, last) = (-1, 0UL);
        while (await reader.ReadAsync())
        {
            var row = (
                Partition: Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture),
                Seq: reader.GetUInt64(1),
                After: reader.GetUInt64(2)
            );
            if (row.Partition != partition)
                (partition, last) = (row.Partition, row.After);
            Require(
                row.After == last && row.Seq > last,
                $"partition {partition}: row {row.Seq} comes after {row.After}, but the row before it is {last}"
            );
            last = row.Seq;
        }
    }

    private static string Example(IEnumerable<string> all, HashSet<string> there) =>
        string.Join(", ", all.Where(id => !there.Contains(id)).Take(5));

    private static void Require(bool holds, string what, string example = "")
    {
        if (!holds)
            throw new InvalidOperationException($"Broken promise: {what}. {example}");
    }
}
