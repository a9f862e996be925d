using System.Globalization;
using System.Text.Json;
using ServiceDefaults;

namespace Consistency.Status;

/// <summary>
/// Asks again and again and keeps what was said last. It needs no database: whoever wants to know what is down asks here, and that may be
/// the database.
/// </summary>
internal sealed class StatusRounds(
    StatusRound round,
    StatusFile file,
    IConfiguration settings,
    TimeProvider clock,
    ILogger<StatusRounds> logger
) : BackgroundService
{
    private volatile Known? _latest;
    private string? _fileTrouble;

    /// <summary>The last round; null before the first.</summary>
    public Known? Latest => _latest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Settings.CheckPeriod.Read(settings), clock);
        try
        {
            do
            {
                var status = await round.RunAsync(stoppingToken);
                Tell(status);
                _latest = new Known(status, clock.GetUtcNow());
                await WriteAsync(_latest, stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private void Tell(PlatformStatus status)
    {
        var before = _latest?.Status;
        if (before == status)
            return;
        var (were, are) = (Unavailable(before), Unavailable(status));
        if (!were.SequenceEqual(are))
            logger.StatusChanged(are.Count == 0 ? "every service answers" : $"no good answer from {string.Join(", ", are)}");
    }

    private static List<string> Unavailable(PlatformStatus? status) =>
        status is null
            ? []
            :
            [
                .. new[]
                {
                    ("receiver", status.Receiver),
                    ("storage", status.Storage),
                    ("processing", status.Processing),
                    ("analyzer", status.Analyzer),
                }
                    .Where(service => service.Item2 == StatusRound.Unavailable)
                    .Select(service => service.Item1),
            ];

    // What was found is told over HTTP whatever becomes of the file. One line per change of state.
    private async Task WriteAsync(Known known, CancellationToken cancellationToken)
    {
        var document = JsonSerializer.SerializeToNode(known.Status)!.AsObject();
        document["last_updated"] = known.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        try
        {
            await file.File.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(document), cancellationToken);
            _fileTrouble = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (_fileTrouble != failure.Message)
                logger.StatusNotWritten(Settings.CheckFilename.Name, failure.Message);
            _fileTrouble = failure.Message;
        }
    }

    /// <summary>What was said, and when.</summary>
    public sealed record Known(PlatformStatus Status, DateTimeOffset At);
}

/// <summary>The file of the check; the service has another one for the comparison.</summary>
internal sealed record StatusFile(DocumentFile File);
