using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace ServiceDefaults;

/// <summary>
/// Waits for the database, creates it where it is missing and applies its schemas; afterwards looks from time to time whether they are
/// still there, so that a service goes on by itself when somebody has emptied its database.
/// </summary>
internal sealed class DatabasePreparation(
    ServiceDatabase database,
    IEnumerable<IDatabaseSchema> schemas,
    TimeProvider clock,
    ILogger<DatabasePreparation> logger
) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    // What starts after this one finds the tables, if the database is there; if it is not, nobody is kept waiting for long.
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(_tried.Task, Task.Delay(HeadStart, clock, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        string? told = null;
        var prepared = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!prepared)
                {
                    await CreateIfMissingAsync(stoppingToken);
                    foreach (var schema in schemas)
                        await schema.ApplyAsync(stoppingToken);
                    prepared = true;
                    logger.DatabaseReady(database.Name);
                }
                else
                {
                    await LookAsync(stoppingToken);
                }
                database.IsReady();
                _tried.TrySetResult();
                told = null;
                pause = FirstPause;
                await Task.Delay(BetweenLooks, clock, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                if (IsGone(failure))
                    prepared = false;
                var reason = failure.GetBaseException().Message;
                database.IsNotReady(reason);
                _tried.TrySetResult();
                // One line per change of state, however long it lasts.
                if (told != reason)
                    logger.WaitingForDatabase(database.Name, reason);
                told = reason;
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (OperationCanceledException)
            {
                // The service stops.
            }
        }
    }

    private static bool IsGone(Exception failure) =>
        failure
            is MySqlException
            {
                ErrorCode: MySqlErrorCode.UnknownDatabase or MySqlErrorCode.NoSuchTable or MySqlErrorCode.NoDatabaseSelected
            };

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // One statement, since this is asked all day long.
        var probes = schemas.Select(schema => $"({schema.Probe})").ToList();
        // The Receiver's tables are its log's own matter; that the database answers is enough.
        if (probes.Count == 0)
            return;
        await using var probe = new MySqlCommand(string.Join(" UNION ALL ", probes), connection);
        await probe.ExecuteScalarAsync(cancellationToken);
    }

    private async Task CreateIfMissingAsync(CancellationToken cancellationToken)
    {
        // Not from the pool, whose sessions may be from before somebody dropped the database.
        var address = new MySqlConnectionStringBuilder(database.ConnectionString) { Pooling = false };
        try
        {
            await using var connection = new MySqlConnection(address.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return;
        }
        catch (MySqlException missing) when (missing.ErrorCode == MySqlErrorCode.UnknownDatabase)
        {
            logger.CreatingDatabase(database.Name);
        }
        address.Database = "";
        await using var withoutDatabase = new MySqlConnection(address.ConnectionString);
        await withoutDatabase.OpenAsync(cancellationToken);
        var name = database.Name.Replace("`", "``", StringComparison.Ordinal);
        await using var create = new MySqlCommand(
            $"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
            withoutDatabase
        );
        await create.ExecuteNonQueryAsync(cancellationToken);
    }
}
