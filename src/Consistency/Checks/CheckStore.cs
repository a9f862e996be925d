using System.Globalization;
using System.Text;
using Consistency.Comparing;
using Consistency.Persistence;
using Contracts;
using KafkaMySql;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using ServiceDefaults;

namespace Consistency.Checks;

/// <summary>Keeps what runs found: differences, books, how far was compared, and the runs themselves.</summary>
internal sealed class CheckStore(IDbContextFactory<ConsistencyDb> contexts, ServiceDatabase database)
{
    /// <summary>Who closes a difference that is gone.</summary>
    public const string ByCheck = "check";

    private const int RowsPerStatement = 500;
    private const int OpenBucketsPerRun = 200;
    private const int KeptRuns = 20_000;

    /// <summary>One run at a time on all instances; null when another one goes on for longer than <paramref name="wait"/>.</summary>
    public async Task<IAsyncDisposable?> LockAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        // The lock is the session's, so the session is not shared; its name is the server's, hence the database in it.
        var connection = new MySqlConnection(
            new MySqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString
        );
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new MySqlCommand("SELECT GET_LOCK(@name, @seconds)", connection);
            command.CommandTimeout = (int)wait.TotalSeconds + 10;
            command.Parameters.AddWithValue("@name", $"check {database.Name}"[..Math.Min(64, database.Name.Length + 6)]);
            command.Parameters.AddWithValue("@seconds", (int)wait.TotalSeconds);
            if (Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) == 1)
                return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    public async Task<Dictionary<int, ulong>> VerifiedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Partitions.ToDictionaryAsync(state => (int)state.PartitionNo, state => state.VerifiedBucket, cancellationToken);
    }

    /// <summary>The buckets that open differences are in, the oldest first.</summary>
    public async Task<List<(int Partition, ulong Bucket)>> OpenBucketsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var buckets = await db
            .Differences.Where(difference => difference.ClosedAt == null)
            .GroupBy(difference => new { difference.PartitionNo, difference.Bucket })
            .Select(bucket => new
            {
                bucket.Key.PartitionNo,
                bucket.Key.Bucket,
                LastSeen = bucket.Min(difference => difference.LastSeen),
            })
            .OrderBy(bucket => bucket.LastSeen)
            .Take(OpenBucketsPerRun)
            .ToListAsync(cancellationToken);
        return [.. buckets.Select(bucket => (bucket.Bucket < LogBucket.Foreign ? 0 : (int)bucket.PartitionNo, bucket.Bucket)).Distinct()];
    }

    /// <summary>Enters what was found in the buckets that were looked into, and closes what is gone from them.</summary>
    public async Task EnterDifferencesAsync(CheckResult result, DateTime now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var open = (await db.Differences.Where(difference => difference.ClosedAt == null).ToListAsync(cancellationToken)).ToLookup(
            difference => (difference.Bucket < LogBucket.Foreign ? 0 : (int)difference.PartitionNo, difference.Bucket)
        );
        var known = new Dictionary<(string, string), Difference>();
        foreach (var some in result.Findings.Select(finding => finding.TraceId).Distinct().Chunk(RowsPerStatement))
        {
            foreach (
                var difference in await db.Differences.Where(difference => some.Contains(difference.TraceId)).ToListAsync(cancellationToken)
            )
                known[(difference.TraceId, difference.Class)] = difference;
        }
        foreach (var (bucket, findings) in result.Looked)
        {
            var standing = findings.Select(finding => (finding.TraceId, finding.Class.Name())).ToHashSet();
            foreach (var gone in open[bucket].Where(difference => !standing.Contains((difference.TraceId, difference.Class))))
                (gone.ClosedAt, gone.ClosedBy, gone.Reason) = (now, ByCheck, "It is gone.");
            foreach (var finding in findings)
                Enter(db, known, finding, now);
        }
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Puts the digests that were compared in the place of what was known of those buckets.</summary>
    public async Task EnterBooksAsync(CheckResult result, CheckScope scope, DateTime now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = new List<Book>();
        foreach (var partition in result.Cut.Keys)
        {
            var from = Math.Max(scope.From.GetValueOrDefault(partition), LogBucket.Foreign);
            known.AddRange(
                await db
                    .Books.AsNoTracking()
                    .Where(book => book.PartitionNo == partition && book.Bucket >= from)
                    .ToListAsync(cancellationToken)
            );
        }
        if (scope.Foreign is var (first, last))
            known.AddRange(
                await db
                    .Books.AsNoTracking()
                    .Where(book => book.Bucket >= (ulong)first && book.Bucket <= (ulong)last)
                    .ToListAsync(cancellationToken)
            );
        var before = known.ToDictionary(book => ((int)book.PartitionNo, book.Bucket, book.TypeId));
        var changed = result
            .Buckets.Where(pair =>
                !before.TryGetValue(pair.Key, out var book)
                || new BucketPair(book.StorageRows, book.StorageDigest, book.QueueRows, book.QueueDigest) != pair.Value
            )
            .ToList();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var gone in before.Keys.Except(result.Buckets.Keys))
            await ExecuteAsync(
                transaction,
                Text($"DELETE FROM book WHERE partition_no = {gone.Item1} AND bucket = {gone.Item2} AND type_id = {gone.Item3}"),
                cancellationToken
            );
        foreach (var some in changed.Chunk(RowsPerStatement))
            await ExecuteAsync(transaction, Upsert(some, now), cancellationToken);
        foreach (var (partition, cut) in result.Cut)
        {
            // What is not entered is not verified.
            var open = result.Stopped ? result.NotLooked.Concat(result.Looked.Keys) : result.NotLooked;
            var notLooked = open.Where(bucket => bucket.Partition == partition && bucket.Bucket >= LogBucket.Foreign).ToList();
            var verified = Math.Min(LogBucket.Of(cut), notLooked.Count > 0 ? notLooked.Min(bucket => bucket.Bucket) : ulong.MaxValue);
            await ExecuteAsync(
                transaction,
                Text(
                    $"INSERT INTO partition_state (partition_no, cut_seq, verified_bucket) VALUES ({partition}, {cut}, {verified}) ON DUPLICATE KEY UPDATE cut_seq = {cut}, verified_bucket = {verified}"
                ),
                cancellationToken
            );
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Puts right the books of buckets that were looked into, also of those verified long ago.</summary>
    public async Task EnterRecountedAsync(CheckResult result, DateTime now, CancellationToken cancellationToken)
    {
        if (result.Recounted.Count == 0)
            return;
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var ((partition, bucket), pairs) in result.Recounted)
        {
            var types = string.Join(',', pairs.Keys.Select(pair => pair.Type).Append((ushort)0));
            await ExecuteAsync(
                transaction,
                Text($"DELETE FROM book WHERE partition_no = {partition} AND bucket = {bucket} AND type_id NOT IN ({types})"),
                cancellationToken
            );
            if (pairs.Count > 0)
                await ExecuteAsync(transaction, Upsert([.. pairs], now), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Verified buckets to compute from the columns next: those that waited longest.</summary>
    public Task<List<(int Partition, ulong Bucket)>> OldestAsync(int count, CancellationToken cancellationToken) =>
        BucketsAsync(
            Text($"SELECT partition_no, bucket FROM book WHERE bucket >= {LogBucket.Foreign} ORDER BY computed_at LIMIT {count * 4}"),
            count,
            cancellationToken
        );

    /// <summary>All buckets of the log below <paramref name="before"/>, the newest first.</summary>
    public Task<List<(int Partition, ulong Bucket)>> NewestAsync(ulong before, int count, CancellationToken cancellationToken) =>
        BucketsAsync(
            Text(
                $"SELECT DISTINCT partition_no, bucket FROM book WHERE bucket >= {LogBucket.Foreign} AND bucket < {before} ORDER BY bucket DESC, partition_no LIMIT {count}"
            ),
            count,
            cancellationToken
        );

    public async Task ComputedAsync(IReadOnlyList<(int Partition, ulong Bucket)> buckets, DateTime now, CancellationToken cancellationToken)
    {
        if (buckets.Count == 0)
            return;
        var named = string.Join(
            " OR ",
            buckets.Select(bucket => Text($"(partition_no = {bucket.Partition} AND bucket = {bucket.Bucket})"))
        );
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand($"UPDATE book SET computed_at = @now WHERE {named}", connection);
        command.Parameters.AddWithValue("@now", now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Rows of each type on both sides, up to the last cut.</summary>
    public async Task<Dictionary<ushort, (long Storage, long Queue)>> CountsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var counts = await db
            .Books.GroupBy(book => book.TypeId)
            .Select(type => new
            {
                TypeId = type.Key,
                Storage = type.Sum(book => book.StorageRows),
                Queue = type.Sum(book => book.QueueRows),
            })
            .ToListAsync(cancellationToken);
        return counts.ToDictionary(type => type.TypeId, type => (type.Storage, type.Queue));
    }

    /// <summary>How many buckets of the log there are, and when the one that waited longest was computed.</summary>
    public async Task<(long Buckets, DateTime? Oldest)> RotationAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var own = db.Books.Where(book => book.Bucket >= LogBucket.Foreign);
        var buckets = await own.Select(book => new { book.PartitionNo, book.Bucket }).Distinct().LongCountAsync(cancellationToken);
        return (buckets, buckets == 0 ? null : await own.MinAsync(book => book.ComputedAt, cancellationToken));
    }

    public async Task<List<Difference>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db
            .Differences.AsNoTracking()
            .Where(difference => difference.ClosedAt == null)
            .OrderBy(difference => difference.Id)
            .ToListAsync(cancellationToken);
    }

    public async Task SaveAsync(CheckRun run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Runs.Add(run);
        await db.SaveChangesAsync(cancellationToken);
        await db.Runs.Where(old => old.Id < run.Id - KeptRuns).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>The last run, and the last one that came to a result.</summary>
    public async Task<(CheckRun? Last, CheckRun? Good)> LastAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = db.Runs.AsNoTracking().OrderByDescending(run => run.Id);
        var last = await runs.FirstOrDefaultAsync(cancellationToken);
        return (
            last,
            last is null or { Document: not null } ? last : await runs.FirstOrDefaultAsync(run => run.Document != null, cancellationToken)
        );
    }

    /// <summary>What the last run said, without its document; null before the first.</summary>
    public async Task<RunVerdict?> VerdictAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db
            .Runs.OrderByDescending(run => run.Id)
            .Select(run => new RunVerdict(run.Status, run.Error, run.StartedAt))
            .FirstOrDefaultAsync(cancellationToken);
    }

    private static void Enter(ConsistencyDb db, Dictionary<(string, string), Difference> known, Finding finding, DateTime now)
    {
        var name = finding.Class.Name();
        if (!known.TryGetValue((finding.TraceId, name), out var difference))
        {
            known[(finding.TraceId, name)] = difference = new Difference
            {
                TraceId = finding.TraceId,
                Class = name,
                FirstSeen = now,
            };
            db.Differences.Add(difference);
        }
        // An operator knows of it: it is seen, and stays closed.
        else if (difference is { ClosedAt: not null, ClosedBy: ByCheck })
            (difference.ClosedAt, difference.ClosedBy, difference.Reason, difference.FirstSeen) = (null, null, null, now);
        difference.LastSeen = now;
        difference.Type = finding.Type is { } type ? EventCatalog.Find(type)?.Name ?? difference.Type : difference.Type;
        difference.EventId = finding.EventId ?? difference.EventId;
        difference.PartitionNo = (ushort)finding.Partition;
        difference.Bucket = finding.Bucket;
        difference.Seq = finding.Seq;
    }

    private static string Upsert(KeyValuePair<(int Partition, ulong Bucket, ushort Type), BucketPair>[] pairs, DateTime now)
    {
        var sql = new StringBuilder(
            "INSERT INTO book (partition_no, bucket, type_id, storage_rows, storage_digest, queue_rows, queue_digest, checked_at, computed_at) VALUES "
        );
        foreach (var ((partition, bucket, type), pair) in pairs)
            sql.Append(
                CultureInfo.InvariantCulture,
                $"({partition},{bucket},{type},{pair.StorageRows},{pair.StorageDigest},{pair.QueueRows},{pair.QueueDigest},'{now:yyyy-MM-dd HH:mm:ss.ffffff}','1970-01-01'),"
            );
        sql.Length--;
        return sql.Append(
                """
                 ON DUPLICATE KEY UPDATE storage_rows = VALUES(storage_rows), storage_digest = VALUES(storage_digest),
                queue_rows = VALUES(queue_rows), queue_digest = VALUES(queue_digest), checked_at = VALUES(checked_at)
                """
            )
            .ToString();
    }

    private async Task<List<(int Partition, ulong Bucket)>> BucketsAsync(string sql, int count, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var buckets = new List<(int, ulong)>();
        while (await reader.ReadAsync(cancellationToken))
            buckets.Add((reader.GetUInt16(0), reader.GetUInt64(1)));
        return [.. buckets.Distinct().Take(count)];
    }

    private static async Task ExecuteAsync(MySqlTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(sql, transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a run said.</summary>
/// <param name="Status">One of <see cref="RunStatus"/>.</param>
/// <param name="Error">Why it is unknown.</param>
/// <param name="At">When it began, in UTC.</param>
internal sealed record RunVerdict(string Status, string? Error, DateTime At);
