using System.Globalization;
using System.Text.Json;
using ServiceDefaults;

namespace Consistency.Status;

/// <summary>
/// One round of Runify's check: each of the four services is asked on its own, none waits for another, and nothing is written anywhere by
/// asking. A service that does not answer well is unavailable.
/// </summary>
internal sealed class StatusRound(IHttpClientFactory clients, IConfiguration settings)
{
    public const string Client = "check";

    /// <summary>What is said of a service that does not answer well.</summary>
    public const string Unavailable = "Unavailable";

    private static readonly string[] PostRoutes = ["/receiver/stats/running", "/receiver/stats/music"];

    private readonly TimeSpan _timeout = Settings.CheckTimeout.Read(settings);

    public async Task<PlatformStatus> RunAsync(CancellationToken cancellationToken)
    {
        var receiver = AskAsync(Settings.CheckReceiver, Settings.ReceiverUrl, "/check", _ => "Healthy", cancellationToken);
        var storage = CountsAsync("Storage", Settings.CheckStorage, Settings.StorageUrl, cancellationToken);
        var processing = CountsAsync("Processing", Settings.CheckProcessing, Settings.ProcessingUrl, cancellationToken);
        var analyzer = CountsAsync("Analyzer", Settings.CheckAnalyzer, Settings.AnalyzerUrl, cancellationToken);
        return new PlatformStatus(await receiver, await storage, await processing, await analyzer);
    }

    private Task<string> CountsAsync(string name, Setting<string?> whole, Setting<string> service, CancellationToken cancellationToken) =>
        AskAsync(whole, service, "/stats", body => Describe(name, body), cancellationToken);

    private async Task<string> AskAsync(
        Setting<string?> whole,
        Setting<string> service,
        string path,
        Func<byte[], string> describe,
        CancellationToken cancellationToken
    )
    {
        var address = ReadOnly(whole.Read(settings) ?? service.Read(settings) + path);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            using var reply = await clients.CreateClient(Client).GetAsync(new Uri(address), limit.Token);
            return reply.IsSuccessStatusCode ? describe(await reply.Content.ReadAsByteArrayAsync(limit.Token)) : Unavailable;
        }
        catch (Exception failure)
            when (failure
                    is HttpRequestException
                        or IOException
                        or JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            // That is the answer; the service's own log says why.
            return Unavailable;
        }
    }

    // The original posts a run to find out whether the Receiver is there, and is configured with that address. Here only questions are asked.
    private static string ReadOnly(string address) =>
        Array.Find(PostRoutes, route => address.EndsWith(route, StringComparison.Ordinal)) is { } posting
            ? $"{address[..^posting.Length]}/receiver/check"
            : address;

    private static string Describe(string name, byte[] body)
    {
        using var stats = JsonDocument.Parse(body);
        var runs = stats.RootElement.GetProperty("num_running_stats").GetInt64();
        var songs = stats.RootElement.GetProperty("num_music_info").GetInt64();
        return string.Create(CultureInfo.InvariantCulture, $"{name} has {runs} runs and {songs} songs");
    }
}
