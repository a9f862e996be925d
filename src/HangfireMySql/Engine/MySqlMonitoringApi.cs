using System.Globalization;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>What the dashboard shows. Plain reads, which lock nothing; a page's rows are chosen before their texts are read.</summary>
internal sealed partial class MySqlMonitoringApi(MySqlDatabase database) : JobStorageMonitor
{
    private const int TopOfQueue = 5;
    private readonly Tables _tables = database.Tables;

    public override IList<ServerDto> Servers() =>
        Rows(
            $"SELECT id, data, last_heartbeat FROM {_tables.Server} ORDER BY id",
            reader =>
            {
                var data = SerializationHelper.Deserialize<ServerData>(reader.GetString(1)) ?? new ServerData();
                return new ServerDto
                {
                    Name = reader.GetString(0),
                    Heartbeat = reader.Utc(2),
                    Queues = data.Queues,
                    StartedAt = data.StartedAt ?? DateTime.MinValue,
                    WorkersCount = data.WorkerCount,
                };
            }
        );

    public override JobDetailsDto? JobDetails(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        return Sql.JobNumber(jobId) is { } job ? database.Run(connection => JobDetails(connection, job)) : null;
    }

    public override StatisticsDto GetStatistics() =>
        database.Run(connection =>
        {
            string Count(string state) => $"(SELECT COUNT(*) FROM {_tables.Job} WHERE state_name = '{state}')";
            string Counter(string key) =>
                $"(SELECT COALESCE(SUM(value), 0) FROM {_tables.AggregatedCounter} WHERE `key` = '{key}') + "
                + $"(SELECT COALESCE(SUM(value), 0) FROM {_tables.Counter} WHERE `key` = '{key}')";
            using var command = database.Timed(
                Sql.Command(
                    connection,
                    $"""
                    SELECT {Count(EnqueuedState.StateName)}, {Count(FailedState.StateName)}, {Count(ProcessingState.StateName)},
                      {Count(ScheduledState.StateName)}, {Count(AwaitingState.StateName)},
                      (SELECT COUNT(*) FROM {_tables.Server}),
                      (SELECT COUNT(DISTINCT queue) FROM {_tables.JobQueue}),
                      {Counter("stats:succeeded")}, {Counter("stats:deleted")},
                      (SELECT COUNT(*) FROM {_tables.Set} WHERE `key` = 'recurring-jobs'),
                      (SELECT COUNT(*) FROM {_tables.Set} WHERE `key` = 'retries')
                    """
                )
            );
            using var reader = command.ExecuteReader();
            reader.Read();
            return new StatisticsDto
            {
                Enqueued = reader.GetInt64(0),
                Failed = reader.GetInt64(1),
                Processing = reader.GetInt64(2),
                Scheduled = reader.GetInt64(3),
                Awaiting = reader.GetInt64(4),
                Servers = reader.GetInt64(5),
                Queues = reader.GetInt64(6),
                Succeeded = (long)reader.GetDecimal(7),
                Deleted = (long)reader.GetDecimal(8),
                Recurring = reader.GetInt64(9),
                Retries = reader.GetInt64(10),
            };
        });

    public override long ScheduledCount() => StateCount(ScheduledState.StateName);

    public override long FailedCount() => StateCount(FailedState.StateName);

    public override long ProcessingCount() => StateCount(ProcessingState.StateName);

    public override long SucceededListCount() => StateCount(SucceededState.StateName);

    public override long DeletedListCount() => StateCount(DeletedState.StateName);

    public override long AwaitingCount() => StateCount(AwaitingState.StateName);

    public override IDictionary<DateTime, long> SucceededByDatesCount() => ByDay("succeeded");

    public override IDictionary<DateTime, long> FailedByDatesCount() => ByDay("failed");

    public override IDictionary<DateTime, long> DeletedByDatesCount() => ByDay("deleted");

    public override IDictionary<DateTime, long> HourlySucceededJobs() => ByHour("succeeded");

    public override IDictionary<DateTime, long> HourlyFailedJobs() => ByHour("failed");

    public override IDictionary<DateTime, long> HourlyDeletedJobs() => ByHour("deleted");

    private JobDetailsDto? JobDetails(MySqlConnection connection, long job)
    {
        using var command = database.Timed(
            Sql.Command(
                connection,
                $"""
                SELECT invocation_data, arguments, created_at, expire_at FROM {_tables.Job} WHERE id = @job;
                SELECT name, value FROM {_tables.JobParameter} WHERE job_id = @job ORDER BY name;
                SELECT name, reason, created_at, data FROM {_tables.State} WHERE job_id = @job ORDER BY id DESC
                """,
                ("@job", job)
            )
        );
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return null;
        var payload = new Payload(reader.GetString(0), reader.Text(1));
        var loaded = LoadedJob.From(payload);
        var details = new JobDetailsDto
        {
            Job = loaded.Job,
            InvocationData = loaded.Data,
            LoadException = loaded.Exception,
            CreatedAt = reader.Utc(2),
            ExpireAt = reader.UtcOrNull(3),
        };
        reader.NextResult();
        details.Properties = MySqlStorageConnection.Parameters(reader);
        Explain(details.Properties, payload, loaded);
        reader.NextResult();
        details.History = [];
        while (reader.Read())
            details.History.Add(
                new StateHistoryDto
                {
                    StateName = reader.GetString(0),
                    Reason = reader.Text(1),
                    CreatedAt = reader.Utc(2),
                    Data = StateJson.Read(reader.Text(3)),
                }
            );
        return details;
    }

    // Of a job that cannot be loaded, the page shows what there is.
    private static void Explain(IDictionary<string, string?> properties, Payload payload, LoadedJob loaded)
    {
        if (loaded.Exception is null)
            return;
        properties["DBG_Exception"] = (loaded.Exception.InnerException ?? loaded.Exception).Message;
        if (loaded.Data is { } data)
        {
            properties["DBG_Type"] = data.Type;
            properties["DBG_Method"] = data.Method;
            properties["DBG_Args"] = data.Arguments;
        }
        else
        {
            properties["DBG_Payload"] = payload.InvocationData;
        }
    }

    private long StateCount(string state) =>
        Number(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM {_tables.Job} WHERE state_name = @state LIMIT @limit) c",
            ("@state", state),
            ("@limit", database.Options.DashboardJobListLimit)
        );

    private Dictionary<DateTime, long> ByDay(string type)
    {
        var today = DateTime.UtcNow.Date;
        return Timeline(
            Enumerable.Range(0, 7).Select(back => today.AddDays(-back)),
            day => $"stats:{type}:{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
        );
    }

    private Dictionary<DateTime, long> ByHour(string type)
    {
        var now = DateTime.UtcNow;
        var hour = now.Date.AddHours(now.Hour);
        return Timeline(
            Enumerable.Range(0, 24).Select(back => hour.AddHours(-back)),
            time => $"stats:{type}:{time.ToString("yyyy-MM-dd-HH", CultureInfo.InvariantCulture)}"
        );
    }

    private Dictionary<DateTime, long> Timeline(IEnumerable<DateTime> times, Func<DateTime, string> key)
    {
        var keys = times.ToDictionary(time => time, key);
        var counts = database.Run(connection =>
        {
            var command = database.Timed(Sql.Command(connection, ""));
            var names = Sql.List(command.Parameters, "k", keys.Values);
            // Rows that are not summed up yet count too, else the graph lags behind by the aggregation interval.
            command.CommandText = $"""
                SELECT `key`, SUM(value) FROM (
                  SELECT `key`, value FROM {_tables.AggregatedCounter} WHERE `key` IN ({names})
                  UNION ALL SELECT `key`, value FROM {_tables.Counter} WHERE `key` IN ({names})
                ) c GROUP BY `key`
                """;
            return command
                .Rows(reader => (Key: reader.GetString(0), Count: (long)reader.GetDecimal(1)))
                .ToDictionary(row => row.Key, row => row.Count);
        });
        return keys.ToDictionary(pair => pair.Key, pair => counts.GetValueOrDefault(pair.Value));
    }

    private List<T> Rows<T>(string text, Func<MySqlDataReader, T> row, params (string, object?)[] parameters) =>
        database.Run(connection => database.Timed(Sql.Command(connection, text, parameters)).Rows(row));

    private long Number(string text, params (string, object?)[] parameters) =>
        database.Run(connection => database.Timed(Sql.Command(connection, text, parameters)).Number());
}
