using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KafkaMySql;

/// <summary>Red while the inbox does not read or knows of a loss, yellow while something waits for a person, green otherwise.</summary>
internal sealed class InboxHealthCheck(InboxWriter writer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Result(writer.Missing, [.. writer.States.Select(state => state.Figures)]));

    internal static HealthCheckResult Result(string? missing, IReadOnlyList<InboxFigures> partitions)
    {
        var red = partitions.Select(Red).OfType<string>().ToList();
        if (missing is not null)
            red.Insert(0, missing);
        var yellow = partitions.Select(Yellow).OfType<string>().ToList();
        var status =
            red.Count > 0 ? HealthStatus.Unhealthy
            : yellow.Count > 0 ? HealthStatus.Degraded
            : HealthStatus.Healthy;
        var text = string.Join("; ", red.Concat(yellow));
        return new HealthCheckResult(status, text.Length > 0 ? text : Reading(partitions), data: Data(partitions));
    }

    private static string? Red(InboxFigures figures) =>
        figures switch
        {
            { Waiting: { } reason, Stopped: true } => $"partition {figures.Partition} is stopped: {reason}",
            { Waiting: { } reason } => $"partition {figures.Partition} waits since {figures.WaitingSince:u}: {reason}",
            { Expired: > 0 } => $"partition {figures.Partition}: {figures.Expired} ranges of the log expired before they were read",
            _ => null,
        };

    private static string? Yellow(InboxFigures figures) =>
        figures is { Dead: > 0 } or { Parked: > 0 }
            ? $"partition {figures.Partition}: {figures.Dead} dead letters, {figures.Parked} parked records"
            : null;

    private static string Reading(IReadOnlyList<InboxFigures> partitions) =>
        $"reads {partitions.Count(figures => figures.Held)} partitions, lag {partitions.Sum(figures => figures.Lag ?? 0)}";

    private static Dictionary<string, object> Data(IReadOnlyList<InboxFigures> partitions) =>
        partitions
            .Where(figures => figures.Held)
            .ToDictionary(figures => figures.Partition.ToString(CultureInfo.InvariantCulture), object (figures) => figures);
}
