using System.Globalization;

namespace Hangfire.MySql.Engine;

/// <summary>A transaction's counter changes: one row for each key, which expires with the longest of its changes, or never.</summary>
internal sealed class CounterChanges
{
    private readonly SortedDictionary<string, (long Value, TimeSpan? ExpireIn)> _changes = new(StringComparer.Ordinal);

    public void Add(string key, long value, TimeSpan? expireIn) =>
        _changes[key] = _changes.TryGetValue(key, out var before)
            ? (before.Value + value, before.ExpireIn is { } first && expireIn is { } second ? (first > second ? first : second) : null)
            : (value, expireIn);

    public void Clear() => _changes.Clear();

    /// <summary>One insert for all keys; null when nothing was counted.</summary>
    public BufferedCommand? ToCommand(Tables tables)
    {
        if (_changes.Count == 0)
            return null;
        var rows = new List<string>();
        var parameters = new List<(string, object?)>();
        foreach (var (key, (value, expireIn)) in _changes)
        {
            var number = rows.Count.ToString(CultureInfo.InvariantCulture);
            parameters.Add(($"@k{number}", key));
            parameters.Add(($"@v{number}", value));
            if (expireIn is { } interval)
                parameters.Add(($"@e{number}", Sql.Microseconds(interval)));
            rows.Add($"(@k{number}, @v{number}, {(expireIn is null ? "NULL" : $"{Sql.Now} + INTERVAL @e{number} MICROSECOND")})");
        }
        return new BufferedCommand(
            CommandGroup.Counter,
            "",
            $"INSERT INTO {tables.Counter} (`key`, value, expire_at) VALUES {string.Join(", ", rows)}",
            [.. parameters]
        );
    }
}
