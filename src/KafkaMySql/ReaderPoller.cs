using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>Asks every reader once a second how far it is, while this process owns a partition.</summary>
internal sealed class ReaderPoller(Relay relay, IOptions<OutboxOptions> options, TimeProvider clock, ILogger<ReaderPoller> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private readonly string?[] _trouble = new string?[options.Value.Readers.Count];

    /// <summary>Why each reader does not answer, in the order of the settings; null for one that does.</summary>
    public IReadOnlyList<string?> Trouble => _trouble;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var readers = options.Value.Readers;
        if (readers.Count == 0)
            return;
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
        {
            // A reader that takes longer has an old answer by then.
            Timeout = TimeSpan.FromSeconds(2),
        };
        await Task.WhenAll(readers.Select((reader, index) => PollAsync(http, reader, index, stoppingToken))).ConfigureAwait(false);
    }

    private async Task PollAsync(HttpClient http, LogReader reader, int index, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        do
        {
            if (!relay.Partitions.Any(partition => partition.IsOwned))
                continue;
            try
            {
                Take(await AskAsync(http, reader, stoppingToken).ConfigureAwait(false), index);
                Note(index, reader, null);
            }
            catch (Exception failure)
                when (failure is HttpRequestException or JsonException or OperationCanceledException or InvalidDataException
                    && !stoppingToken.IsCancellationRequested
                )
            {
                Note(index, reader, failure.Message);
            }
        } while (await NextAsync(timer, stoppingToken).ConfigureAwait(false));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<ReaderProgress> AskAsync(HttpClient http, LogReader reader, CancellationToken stoppingToken)
    {
        var reply = await http.GetByteArrayAsync($"{reader.Url.TrimEnd('/')}/progress", stoppingToken).ConfigureAwait(false);
        var progress = ReaderProgressJson.Read(reply);
        return progress.Log == options.Value.Log
            ? progress
            : throw new InvalidDataException($"It reads the log {progress.Log}, not {options.Value.Log}.");
    }

    private void Take(ReaderProgress progress, int index)
    {
        foreach (var partition in progress.Partitions)
        {
            if (partition.Partition >= 0 && partition.Partition < relay.Partitions.Count && relay.Partitions[partition.Partition].IsOwned)
                relay.Partitions[partition.Partition].ReaderSaid(index, partition.Last, partition.StalledAt is not null);
        }
    }

    private void Note(int index, LogReader reader, string? trouble)
    {
        if (trouble is not null && _trouble[index] is null)
            logger.ReaderSilent(reader.Name, trouble);
        else if (trouble is null && _trouble[index] is not null)
            logger.ReaderAnswers(reader.Name);
        _trouble[index] = trouble;
    }
}
