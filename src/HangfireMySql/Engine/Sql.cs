using System.Globalization;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>Small helpers over the driver. All times are the database's, in UTC.</summary>
internal static class Sql
{
    /// <summary>The database's clock.</summary>
    public const string Now = "UTC_TIMESTAMP(6)";

    /// <summary>
    /// Put into an inner part of a deletion that locks: without a limit MySQL merges it into the outer part, and then deletes the rows of both.
    /// </summary>
    public const string Apart = "LIMIT 1000000000";

    private const long MaxMicroseconds = 100L * 365 * 24 * 3600 * 1_000_000;

    /// <summary>An interval in microseconds, at most a hundred years: a sum beyond the type's range would be NULL, which means never.</summary>
    public static long Microseconds(TimeSpan interval) =>
        Math.Clamp(interval.Ticks / TimeSpan.TicksPerMicrosecond, -MaxMicroseconds, MaxMicroseconds);

    public static MySqlCommand Command(
        MySqlConnection connection,
        string text,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    public static MySqlBatchCommand Batched(string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = new MySqlBatchCommand(text);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    /// <summary>Adds a parameter for each value and returns their names, separated by commas.</summary>
    public static string List<T>(MySqlParameterCollection parameters, string name, IEnumerable<T> values)
    {
        var names = new List<string>();
        foreach (var value in values)
        {
            var parameter = $"@{name}{names.Count.ToString(CultureInfo.InvariantCulture)}";
            parameters.AddWithValue(parameter, value);
            names.Add(parameter);
        }
        return string.Join(',', names);
    }

    /// <summary>A table of numbers, in their order, with one column <c>id</c>. There must be at least one.</summary>
    public static string Numbers(IEnumerable<long> numbers) =>
        $"(SELECT {string.Join(" UNION ALL SELECT ", numbers.Select((number, at) => at == 0 ? $"{JobId(number)} AS id" : JobId(number)))})";

    public static string? Text(this MySqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTime Utc(this MySqlDataReader reader, int column) =>
        DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc);

    public static DateTime? UtcOrNull(this MySqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Utc(column);

    public static List<T> Rows<T>(this MySqlCommand command, Func<MySqlDataReader, T> row)
    {
        using (command)
        using (var reader = command.ExecuteReader())
        {
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(row(reader));
            return rows;
        }
    }

    public static long Number(this MySqlCommand command)
    {
        using (command)
        {
            var value = command.ExecuteScalar();
            return value is null or DBNull ? 0 : Convert.ToInt64(value, CultureInfo.InvariantCulture);
        }
    }

    public static int Execute(this MySqlCommand command)
    {
        using (command)
            return command.ExecuteNonQuery();
    }

    /// <summary>A job's number, or null for a text that no job of this storage can have as its id.</summary>
    public static long? JobNumber(string jobId) =>
        long.TryParse(jobId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static string JobId(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Refuses what a column would not hold: the database must neither cut it nor be asked.</summary>
    public static string Fits(string value, int length, string parameter) =>
        value.Length <= length
            ? value
            : throw new ArgumentException(
                $"{parameter} has {value.Length} characters, but at most {length} are stored: '{value[..40]}...'.",
                parameter
            );

    public static string? Cut(string? value, int length)
    {
        if (value is null || value.Length <= length)
            return value;
        // A pair that stands for one character beyond the first plane is not split.
        return char.IsHighSurrogate(value[length - 1]) ? value[..(length - 1)] : value[..length];
    }
}
