using System.Data.Common;
using System.Globalization;
using Consistency.Persistence;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults;

namespace Consistency.Checks;

/// <summary>
/// The last verdict, whichever process came to it: degraded while log, topic and tables differ, or while nobody knows. It does not decide
/// whether the service is ready, since the service answers all the same.
/// </summary>
internal sealed class VerdictHealth(CheckStore store, IConfiguration settings, TimeProvider clock) : IHealthCheck
{
    /// <summary>Its name on the health page, and the label of its metric.</summary>
    public const string Name = "consistency";

    private const int MissedRuns = 4;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return Judge(await store.VerdictAsync(cancellationToken));
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException { InnerException: DbException })
        {
            return HealthCheckResult.Degraded($"The last verdict cannot be read: {failure.GetBaseException().Message}");
        }
    }

    private HealthCheckResult Judge(RunVerdict? last)
    {
        if (last is null)
            return HealthCheckResult.Healthy("No check has been made yet.");
        var at = last.At.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var interval = ChecksRegistration.IntervalOf(settings);
        if (interval > TimeSpan.Zero && clock.GetUtcNow().UtcDateTime - last.At > MissedRuns * interval)
            return HealthCheckResult.Degraded($"The last check was made at {at}; one is due every {interval.TotalSeconds:0} s.");
        return last.Status switch
        {
            RunStatus.Consistent => HealthCheckResult.Healthy($"Log, topic and tables agreed at {at}."),
            RunStatus.Unknown => HealthCheckResult.Degraded($"The check of {at} could not be made: {last.Error}"),
            RunStatus.Stopped => HealthCheckResult.Degraded($"The check of {at} found more differences than are listed."),
            _ => HealthCheckResult.Degraded($"Log, topic and tables differed at {at}; /consistency_check/v1/differences names what."),
        };
    }
}
