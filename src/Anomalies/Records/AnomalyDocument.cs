using System.Text.Json;
using MySqlConnector;
using ServiceDefaults;

namespace Anomalies.Records;

/// <summary>
/// Keeps the document of anomalies as a file too, for whoever reads that. Written when something was found, at most every five seconds, and at
/// every update.
/// </summary>
internal sealed class AnomalyDocument(
    AnomalyStore store,
    ServiceDatabase database,
    ServiceIdentity service,
    EnabledSystems systems,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<AnomalyDocument> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private const int RowsPerPiece = 1_000;

    private readonly DocumentFile _file = DocumentFile.Of(configuration, service);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _written;
    private string? _trouble;

    /// <summary>Writes the document if anything was found since it was written last.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var next = await store.NextNumberAsync(cancellationToken);
            if (next == _written)
                return;
            await _file.WriteAsync(await DocumentAsync(cancellationToken), cancellationToken);
            _written = next;
            if (_trouble is not null)
                logger.DocumentWritten(Settings.DatastoreFilename.Name);
            _trouble = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The database is the truth: a folder that cannot be written to stops nothing. One line per change of state.
            if (_trouble != failure.Message)
                logger.DocumentNotWritten(Settings.DatastoreFilename.Name, failure.Message);
            _trouble = failure.Message;
        }
        finally
        {
            _gate.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _gate.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await database.WhenReadyAsync(stoppingToken);
                await TryWriteAsync(stoppingToken);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(cancellationToken);
        }
        catch (MySqlException)
        {
            // Told by whoever watches the database; the next try is five seconds away.
        }
    }

    private async Task<byte[]> DocumentAsync(CancellationToken cancellationToken)
    {
        if (!systems.RealEstate)
            return await NewestFirstAsync(cancellationToken);
        var all = new List<AnomalyRecord>();
        long last = 0;
        while (true)
        {
            var piece = await store.ListAsync(systems.Types, last, RowsPerPiece, cancellationToken);
            all.AddRange(piece.Select(found => found.Record));
            if (piece.Count < RowsPerPiece)
                return JsonSerializer.SerializeToUtf8Bytes(all);
            last = piece[^1].No;
        }
    }

    private async Task<byte[]> NewestFirstAsync(CancellationToken cancellationToken)
    {
        var all = new List<TimedAnomalyRecord>();
        var before = long.MaxValue;
        while (true)
        {
            var piece = await store.NewestAsync(systems.Types, null, before, RowsPerPiece, cancellationToken);
            all.AddRange(piece.Select(found => found.Record));
            if (piece.Count < RowsPerPiece)
                return JsonSerializer.SerializeToUtf8Bytes(all);
            before = piece[^1].No;
        }
    }
}
