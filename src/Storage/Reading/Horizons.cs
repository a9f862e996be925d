using System.Globalization;
using KafkaMySql;
using MySqlConnector;
using ServiceDefaults;
using Storage.Writing;

namespace Storage.Reading;

/// <summary>
/// Finds the time below which nothing more can be stored. A batch takes its partition's progress row first and its time after that; so
/// whoever reads the clock and then waits for every partition's row has seen all batches whose time is before that clock.
/// </summary>
internal sealed class Horizons(ServiceDatabase database, KafkaAddress kafka, TimeProvider clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private const int LockTimeout = 10;

    // Each lock is a statement of its own and gone at its end: held together they would stop the writers of all partitions.
    private readonly string _statement =
        "SELECT UTC_TIMESTAMP(6)"
        + string.Concat(
            Partitions(kafka.Partitions)
                .Select(partition =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"; SELECT 1 FROM partition_progress WHERE consumer = '{StorageInbox.Consumer}' AND partition_no = {partition} LOCK IN SHARE MODE"
                    )
                )
        );

    /// <summary>The partitions rows are stored from.</summary>
    public IReadOnlyList<int> All { get; } = [.. Partitions(kafka.Partitions)];

    /// <summary>
    /// Up to where a list that ends at <paramref name="end"/> can be given out for good: its end, waited for up to two seconds if it is
    /// still to come, or else the horizon.
    /// </summary>
    public async Task<DateTime> UntilAsync(DateTime? end, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var horizon = await ReadAsync(cancellationToken);
            if (end is null)
                return horizon;
            if (end <= horizon)
                return end.Value;
            var wait = end.Value - horizon;
            // An end too far away is not waited for at all: the answer would be the same.
            if (clock.GetElapsedTime(started) + wait > LongestWait)
                return horizon;
            await Task.Delay(wait + TimeSpan.FromMilliseconds(1), clock, cancellationToken);
        }
    }

    private async Task<DateTime> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(_statement, connection) { CommandTimeout = LockTimeout };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var horizon = reader.GetDateTime(0);
        // Every statement must have come to its end before the horizon holds.
        while (await reader.NextResultAsync(cancellationToken)) { }
        return horizon;
    }

    private static IEnumerable<int> Partitions(int count) => Enumerable.Range(0, count).Append(InboxOptions.DirectPartition);
}
