using MySqlConnector;

namespace Hangfire.MySql.Engine;

internal sealed partial class MySqlStorageConnection
{
    private static readonly TimeSpan NoTtl = TimeSpan.FromSeconds(-1);

    public override HashSet<string> GetAllItemsFromSet(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return [.. Rows($"SELECT value FROM {Tables.Set} WHERE `key` = @key", reader => reader.GetString(0), ("@key", key))];
    }

    public override string? GetFirstByLowestScoreFromSet(string key, double fromScore, double toScore) =>
        GetFirstByLowestScoreFromSet(key, fromScore, toScore, 1).FirstOrDefault();

    public override List<string> GetFirstByLowestScoreFromSet(string key, double fromScore, double toScore, int count)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (count <= 0)
            throw new ArgumentException($"At least one item must be asked for, but count is {count}.", nameof(count));
        if (toScore < fromScore)
            throw new ArgumentException($"toScore ({toScore}) must not be below fromScore ({fromScore}).", nameof(toScore));
        return Rows(
            $"SELECT value FROM {Tables.Set} WHERE `key` = @key AND score BETWEEN @from AND @to ORDER BY score, value LIMIT @count",
            reader => reader.GetString(0),
            ("@key", key),
            ("@from", Finite(fromScore)),
            ("@to", Finite(toScore)),
            ("@count", count)
        );
    }

    public override long GetSetCount(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Number($"SELECT COUNT(*) FROM {Tables.Set} WHERE `key` = @key", ("@key", key));
    }

    public override long GetSetCount(IEnumerable<string> keys, int limit)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var wanted = keys.Distinct().ToList();
        if (wanted.Count == 0 || limit == 0)
            return 0;
        return _locks.Run(connection =>
        {
            var command = Timed(connection, "", ("@limit", limit));
            var names = Sql.List(command.Parameters, "k", wanted);
            command.CommandText = $"SELECT COUNT(*) FROM (SELECT 1 FROM {Tables.Set} WHERE `key` IN ({names}) LIMIT @limit) c";
            return command.Number();
        });
    }

    public override bool GetSetContains(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return Number($"SELECT 1 FROM {Tables.Set} WHERE `key` = @key AND value = @value", ("@key", key), ("@value", value)) == 1;
    }

    public override List<string> GetRangeFromSet(string key, int startingFrom, int endingAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Rows(
            $"SELECT value FROM {Tables.Set} WHERE `key` = @key ORDER BY score, value LIMIT @count OFFSET @from",
            reader => reader.GetString(0),
            [("@key", key), .. Range(startingFrom, endingAt)]
        );
    }

    public override TimeSpan GetSetTtl(string key) => Ttl(Tables.Set, key);

    public override TimeSpan GetHashTtl(string key) => Ttl(Tables.Hash, key);

    public override TimeSpan GetListTtl(string key) => Ttl(Tables.List, key);

    public override void SetRangeInHash(string key, IEnumerable<KeyValuePair<string, string>> keyValuePairs)
    {
        using var transaction = CreateWriteTransaction();
        transaction.SetRangeInHash(key, keyValuePairs);
        transaction.Commit();
    }

    public override Dictionary<string, string?>? GetAllEntriesFromHash(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var entries = Rows(
            $"SELECT field, value FROM {Tables.Hash} WHERE `key` = @key",
            reader => KeyValuePair.Create(reader.GetString(0), reader.Text(1)),
            ("@key", key)
        );
        // Null, not empty: the recurring scheduler takes a recurring job without entries for removed.
        return entries.Count == 0 ? null : new Dictionary<string, string?>(entries);
    }

    public override string? GetValueFromHash(string key, string name)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(name);
        return Rows(
                $"SELECT value FROM {Tables.Hash} WHERE `key` = @key AND field = @field",
                reader => reader.Text(0),
                ("@key", key),
                ("@field", name)
            )
            .FirstOrDefault();
    }

    public override long GetHashCount(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Number($"SELECT COUNT(*) FROM {Tables.Hash} WHERE `key` = @key", ("@key", key));
    }

    public override long GetListCount(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Number($"SELECT COUNT(*) FROM {Tables.List} WHERE `key` = @key", ("@key", key));
    }

    public override List<string?> GetAllItemsFromList(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Rows($"SELECT value FROM {Tables.List} WHERE `key` = @key ORDER BY id DESC", reader => reader.Text(0), ("@key", key));
    }

    public override List<string?> GetRangeFromList(string key, int startingFrom, int endingAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Rows(
            $"SELECT value FROM {Tables.List} WHERE `key` = @key ORDER BY id DESC LIMIT @count OFFSET @from",
            reader => reader.Text(0),
            [("@key", key), .. Range(startingFrom, endingAt)]
        );
    }

    public override long GetCounter(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Number(
            $"SELECT (SELECT COALESCE(SUM(value), 0) FROM {Tables.Counter} WHERE `key` = @key) + "
                + $"(SELECT COALESCE(SUM(value), 0) FROM {Tables.AggregatedCounter} WHERE `key` = @key)",
            ("@key", key)
        );
    }

    private TimeSpan Ttl(string table, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Rows(
                $"SELECT TIMESTAMPDIFF(MICROSECOND, {Sql.Now}, MIN(expire_at)) FROM {table} WHERE `key` = @key",
                reader => reader.IsDBNull(0) ? NoTtl : TimeSpan.FromMicroseconds(reader.GetInt64(0)),
                ("@key", key)
            )
            .Single();
    }

    // Inclusive and from zero; what lies before the first is not there.
    private static (string, object?)[] Range(int startingFrom, int endingAt)
    {
        var from = Math.Max(startingFrom, 0);
        return [("@from", from), ("@count", Math.Max((long)endingAt - from + 1, 0))];
    }

    // The database knows no infinity.
    internal static double Finite(double score) =>
        double.IsNaN(score)
            ? throw new ArgumentException("A score must be a number.", nameof(score))
            : Math.Clamp(score, double.MinValue, double.MaxValue);
}
