using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>Connections to the log's database that are used only once its tables fit and its settings were looked at.</summary>
internal sealed class EventLogDatabase(IOptions<OutboxOptions> options, ILogger<EventLogDatabase> logger)
{
    private volatile string? _durabilityWarning;

    /// <summary>What is wrong with the server's settings; null when a commit outlives a power cut.</summary>
    public string? DurabilityWarning => _durabilityWarning;

    public string ConnectionString => options.Value.ConnectionString;

    public WriterConnection Connect(string name, TimeProvider clock, ILogger log) =>
        new(options.Value.ConnectionString, name, clock, log, PrepareAsync);

    /// <summary>A pooled connection for reading.</summary>
    public async Task<MySqlConnection> OpenForReadingAsync(CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(
            new MySqlConnectionStringBuilder(options.Value.ConnectionString)
            {
                ConnectionTimeout = 4,
                ApplicationName = "event log reader",
                MaximumPoolSize = 20,
            }.ConnectionString
        );
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task PrepareAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await EventLogSchema.EnsureAsync(connection, options.Value.Partitions, cancellationToken).ConfigureAwait(false);
        var warning = await Durability.CheckAsync(connection, cancellationToken).ConfigureAwait(false);
        if (warning is not null && options.Value.RequireDurability)
            throw new EventLogSchemaException($"{warning} Outbox:RequireDurability forbids that.");
        if (warning is not null && _durabilityWarning is null)
            logger.NotDurable(warning);
        _durabilityWarning = warning;
    }
}
