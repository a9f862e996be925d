using System.Globalization;
using Hangfire.Common;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>A new job's row and those of its parameters.</summary>
internal sealed class JobRows
{
    private readonly Tables _tables;
    private readonly (string Name, object? Value)[] _values;
    private readonly string? _parameters;

    public JobRows(Tables tables, Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        _tables = tables;
        var payload = Payload.Of(job);
        var values = new List<(string, object?)>
        {
            ("@data", payload.InvocationData),
            ("@arguments", payload.Arguments),
            ("@created", createdAt),
            ("@expire", createdAt + expireIn),
        };
        var rows = new List<string>();
        foreach (var (name, value) in parameters)
        {
            var number = rows.Count.ToString(CultureInfo.InvariantCulture);
            values.Add(($"@n{number}", Sql.Fits(name, Tables.ParameterLength, nameof(parameters))));
            values.Add(($"@v{number}", value));
            rows.Add($"({{0}}, @n{number}, @v{number})");
        }
        _values = [.. values];
        _parameters = rows.Count == 0 ? null : string.Join(", ", rows);
    }

    /// <summary>Inserts job and parameters in one round trip; both or none.</summary>
    /// <returns>The job's number.</returns>
    public long Insert(MySqlConnection connection)
    {
        var job =
            $"INSERT INTO {_tables.Job} (invocation_data, arguments, created_at, expire_at) VALUES (@data, @arguments, @created, @expire)";
        if (_parameters is null)
        {
            using var single = Sql.Command(connection, job, _values);
            single.ExecuteNonQuery();
            return single.LastInsertedId;
        }
        try
        {
            // The parameters' table has no counter of its own, so the job's number stands until the end.
            return Sql.Command(
                    connection,
                    $"START TRANSACTION; {job}; {ParametersInsert("LAST_INSERT_ID()")}; SELECT LAST_INSERT_ID(); COMMIT",
                    _values
                )
                .Number();
        }
        catch (Exception exception) when (!SqlFaults.IsConnection(exception))
        {
            Sql.Command(connection, "ROLLBACK").Execute();
            throw;
        }
    }

    /// <summary>Takes a number for the job without leaving a row: the server does not give it again.</summary>
    public long Reserve(MySqlConnection connection)
    {
        try
        {
            return Sql.Command(
                    connection,
                    $"START TRANSACTION; INSERT INTO {_tables.Job} (invocation_data, created_at) VALUES ('', {Sql.Now}); SELECT LAST_INSERT_ID(); ROLLBACK"
                )
                .Number();
        }
        catch (Exception exception) when (!SqlFaults.IsConnection(exception))
        {
            Sql.Command(connection, "ROLLBACK").Execute();
            throw;
        }
    }

    /// <summary>The insert for a number that was reserved, to be run in a transaction.</summary>
    public BufferedCommand InsertAs(long number)
    {
        var text =
            $"INSERT INTO {_tables.Job} (id, invocation_data, arguments, created_at, expire_at) VALUES (@id, @data, @arguments, @created, @expire)";
        if (_parameters is not null)
            text += "; " + ParametersInsert("@id");
        return new BufferedCommand(CommandGroup.Job, BufferedCommand.JobKey(number), text, [.. _values, ("@id", number)]);
    }

    private string ParametersInsert(string job) =>
        $"INSERT INTO {_tables.JobParameter} (job_id, name, value) VALUES {_parameters!.Replace("{0}", job, StringComparison.Ordinal)}";
}
