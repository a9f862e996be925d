using Microsoft.Extensions.Diagnostics.HealthChecks;
using MySqlConnector;

namespace ServiceDefaults;

/// <summary>Asks the database for an answer now.</summary>
internal sealed class DatabaseCheck(ServiceDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            await using var command = new MySqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is MySqlException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"The database '{database.Name}' does not answer: {failure.GetBaseException().Message}");
        }
        return database.Trouble is { } trouble
            ? HealthCheckResult.Unhealthy($"The database '{database.Name}' is not ready: {trouble}")
            : HealthCheckResult.Healthy($"The database '{database.Name}' answers.");
    }
}
