using System.Linq.Expressions;
using Hangfire;
using Hangfire.Common;

namespace ServiceDefaults;

/// <summary>A job that runs again and again. It is a timer and no guarantee: it may run twice at once, or late.</summary>
internal sealed class RecurringJob
{
    private readonly Job _job;

    private RecurringJob(string id, TimeSpan interval, Job job)
    {
        Id = id;
        Interval = interval;
        _job = job;
    }

    public string Id { get; }

    public TimeSpan Interval { get; }

    public string Cron => CronOf(Interval);

    public static RecurringJob Of<TJob>(string id, TimeSpan interval, Expression<Func<TJob, Task>> run) =>
        new(id, interval, Job.FromExpression(run));

    /// <summary>Six fields: second, minute, hour, day, month, weekday.</summary>
    public static string CronOf(TimeSpan interval) =>
        (int)interval.TotalSeconds switch
        {
            < 60 and var seconds => $"*/{seconds} * * * * *",
            60 => "0 * * * * *",
            3600 => "0 0 * * * *",
            var seconds => $"0 */{seconds / 60} * * * *",
        };

    public void Schedule(IRecurringJobManager manager) =>
        manager.AddOrUpdate(
            Id,
            _job,
            Cron,
            // A run that was missed is not made up for: the next one does its work too.
            new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc, MisfireHandling = MisfireHandlingMode.Ignorable }
        );
}
