using System.Globalization;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;
using MySqlConnector;

namespace Hangfire.MySql.Engine;

internal sealed partial class MySqlMonitoringApi
{
    private const string Enqueued = "q.visible_at <= UTC_TIMESTAMP(6)";

    // A lease that has run out counts as enqueued, and so no row counts twice.
    private const string Fetched = "q.visible_at > UTC_TIMESTAMP(6)";

    public override IList<QueueWithTopEnqueuedJobsDto> Queues() =>
        Rows(
                $"SELECT q.queue, SUM({Enqueued}), SUM({Fetched}) FROM {_tables.JobQueue} q GROUP BY q.queue ORDER BY q.queue",
                reader => new QueueWithTopEnqueuedJobsDto
                {
                    Name = reader.GetString(0),
                    Length = (long)reader.GetDecimal(1),
                    Fetched = (long)reader.GetDecimal(2),
                }
            )
            .ConvertAll(queue =>
            {
                queue.FirstJobs = EnqueuedJobs(queue.Name, 0, TopOfQueue);
                return queue;
            });

    public override long EnqueuedCount(string queue) => QueueCount(queue, Enqueued);

    public override long FetchedCount(string queue) => QueueCount(queue, Fetched);

    public override JobList<EnqueuedJobDto> EnqueuedJobs(string queue, int from, int perPage) =>
        Queue(
            queue,
            Enqueued,
            from,
            perPage,
            row => new EnqueuedJobDto
            {
                Job = row.Loaded.Job,
                InvocationData = row.Loaded.Data,
                LoadException = row.Loaded.Exception,
                State = row.State,
                InEnqueuedState = row.IsIn(EnqueuedState.StateName),
                EnqueuedAt = row.IsIn(EnqueuedState.StateName) ? row.StateAt : null,
                StateData = row.Data,
            }
        );

    public override JobList<FetchedJobDto> FetchedJobs(string queue, int from, int perPage) =>
        Queue(
            queue,
            Fetched,
            from,
            perPage,
            row => new FetchedJobDto
            {
                Job = row.Loaded.Job,
                InvocationData = row.Loaded.Data,
                LoadException = row.Loaded.Exception,
                State = row.State,
                FetchedAt = row.FetchedAt,
            }
        );

    public override JobList<ProcessingJobDto> ProcessingJobs(int from, int count) =>
        InState(
            ProcessingState.StateName,
            "ASC",
            from,
            count,
            row => new ProcessingJobDto
            {
                Job = row.Loaded.Job,
                InvocationData = row.Loaded.Data,
                LoadException = row.Loaded.Exception,
                InProcessingState = row.IsIn(ProcessingState.StateName),
                ServerId = row.Data.GetValueOrDefault("ServerId") ?? row.Data.GetValueOrDefault("ServerName"),
                StartedAt = row.StateAt,
                StateData = row.Data,
            }
        );

    public override JobList<ScheduledJobDto> ScheduledJobs(int from, int count) =>
        InState(
            ScheduledState.StateName,
            "ASC",
            from,
            count,
            row => new ScheduledJobDto
            {
                Job = row.Loaded.Job,
                InvocationData = row.Loaded.Data,
                LoadException = row.Loaded.Exception,
                InScheduledState = row.IsIn(ScheduledState.StateName),
                EnqueueAt = JobHelper.DeserializeNullableDateTime(row.Data.GetValueOrDefault("EnqueueAt")) ?? DateTime.MinValue,
                ScheduledAt = row.StateAt,
                StateData = row.Data,
            }
        );

    public override JobList<SucceededJobDto> SucceededJobs(int from, int count) =>
        InState(
            SucceededState.StateName,
            "DESC",
            from,
            count,
            row => new SucceededJobDto
            {
                Job = row.Loaded.Job,
                InvocationData = row.Loaded.Data,
                LoadException = row.Loaded.Exception,
                InSucceededState = row.IsIn(SucceededState.StateName),
                Result = row.Data.GetValueOrDefault("Result"),
                TotalDuration =
                    Milliseconds(row.Data, "PerformanceDuration") is { } performance && Milliseconds(row.Data, "Latency") is { } latency
                        ? performance + latency
                        : null,
                SucceededAt = row.StateAt,
                StateData = row.Data,
            }
        );

    public override JobList<FailedJobDto> FailedJobs(int from, int count) =>
        InState(
            FailedState.StateName,
            "DESC",
            from,
            count,
            row => new FailedJobDto
            {
                Job = row.Loaded.Job,
                InvocationData = row.Loaded.Data,
                LoadException = row.Loaded.Exception,
                InFailedState = row.IsIn(FailedState.StateName),
                Reason = row.Reason,
                ExceptionType = row.Data.GetValueOrDefault("ExceptionType"),
                ExceptionMessage = row.Data.GetValueOrDefault("ExceptionMessage"),
                ExceptionDetails = row.Data.GetValueOrDefault("ExceptionDetails"),
                FailedAt = row.StateAt,
                StateData = row.Data,
            }
        );

    public override JobList<DeletedJobDto> DeletedJobs(int from, int count) =>
        InState(
            DeletedState.StateName,
            "DESC",
            from,
            count,
            row => new DeletedJobDto
            {
                Job = row.Loaded.Job,
                InvocationData = row.Loaded.Data,
                LoadException = row.Loaded.Exception,
                InDeletedState = row.IsIn(DeletedState.StateName),
                DeletedAt = row.StateAt,
                StateData = row.Data,
            }
        );

    public override JobList<AwaitingJobDto> AwaitingJobs(int from, int count)
    {
        var parents = new Dictionary<string, string?>();
        var jobs = InState(
            AwaitingState.StateName,
            "ASC",
            from,
            count,
            row => new AwaitingJobDto
            {
                Job = row.Loaded.Job,
                InvocationData = row.Loaded.Data,
                LoadException = row.Loaded.Exception,
                InAwaitingState = row.IsIn(AwaitingState.StateName),
                AwaitingAt = row.StateAt,
                StateData = row.Data,
            }
        );
        foreach (var (parent, state) in StatesOf(jobs.Select(job => job.Value?.StateData is { } data ? ParentOf(data) : null)))
            parents[parent] = state;
        foreach (var (_, job) in jobs)
        {
            if (ParentOf(job.StateData) is { } parent)
                job.ParentStateName = parents.GetValueOrDefault(parent);
        }
        return jobs;
    }

    private static string? ParentOf(IDictionary<string, string?> data) => data.TryGetValue("ParentId", out var parent) ? parent : null;

    private List<(string JobId, string? State)> StatesOf(IEnumerable<string?> jobIds)
    {
        var numbers = jobIds.OfType<string>().Select(Sql.JobNumber).OfType<long>().Distinct().ToList();
        return numbers.Count == 0
            ? []
            : database.Run(connection =>
            {
                var command = database.Timed(Sql.Command(connection, ""));
                command.CommandText =
                    $"SELECT id, state_name FROM {_tables.Job} WHERE id IN ({Sql.List(command.Parameters, "i", numbers)})";
                return command.Rows(reader => (Sql.JobId(reader.GetInt64(0)), reader.Text(1)));
            });
    }

    private long QueueCount(string queue, string which)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return Number($"SELECT COUNT(*) FROM {_tables.JobQueue} q WHERE q.queue = @queue AND {which}", ("@queue", queue));
    }

    // A job may be queued twice, and a queued job may be gone.
    private JobList<T> Queue<T>(string queue, string which, int from, int count, Func<JobRow, T> dto)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(queue);
        return Page(
            $"""
            SELECT p.job_id, j.invocation_data, j.arguments, j.state_name, s.reason, s.data, s.created_at, p.fetched_at
            FROM (
              SELECT q.id, q.job_id, q.visible_at, q.fetched_at FROM {_tables.JobQueue} q WHERE q.queue = @queue AND {which}
              ORDER BY q.visible_at, q.id LIMIT @count OFFSET @from
            ) p
            LEFT JOIN {_tables.Job} j ON j.id = p.job_id
            LEFT JOIN {_tables.State} s ON s.job_id = j.id AND s.id = j.state_id
            ORDER BY p.visible_at, p.id
            """,
            dto,
            ("@queue", queue),
            ("@from", Math.Max(from, 0)),
            ("@count", Math.Max(count, 0))
        );
    }

    private JobList<T> InState<T>(string state, string order, int from, int count, Func<JobRow, T> dto)
        where T : class =>
        Page(
            $"""
            SELECT p.id, j.invocation_data, j.arguments, j.state_name, s.reason, s.data, s.created_at, NULL
            FROM (SELECT id FROM {_tables.Job} WHERE state_name = @state ORDER BY id {order} LIMIT @count OFFSET @from) p
            JOIN {_tables.Job} j ON j.id = p.id
            LEFT JOIN {_tables.State} s ON s.job_id = j.id AND s.id = j.state_id
            ORDER BY p.id {order}
            """,
            dto,
            ("@state", state),
            ("@from", Math.Max(from, 0)),
            ("@count", Math.Max(count, 0))
        );

    private JobList<T> Page<T>(string text, Func<JobRow, T> dto, params (string, object?)[] parameters)
        where T : class =>
        new(
            Rows(
                text,
                reader => KeyValuePair.Create(Sql.JobId(reader.GetInt64(0)), reader.IsDBNull(1) ? null! : dto(JobRow.Read(reader))),
                parameters
            )
        );

    private static long? Milliseconds(Dictionary<string, string?> data, string key) =>
        long.TryParse(data.GetValueOrDefault(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A job with its current state.</summary>
    private sealed record JobRow(
        LoadedJob Loaded,
        string? State,
        string? Reason,
        Dictionary<string, string?> Data,
        DateTime? StateAt,
        DateTime? FetchedAt
    )
    {
        public static JobRow Read(MySqlDataReader reader) =>
            new(
                LoadedJob.From(new Payload(reader.GetString(1), reader.Text(2))),
                reader.Text(3),
                reader.Text(4),
                StateJson.Read(reader.Text(5)),
                reader.UtcOrNull(6),
                reader.UtcOrNull(7)
            );

        public bool IsIn(string state) => string.Equals(State, state, StringComparison.OrdinalIgnoreCase);
    }
}
