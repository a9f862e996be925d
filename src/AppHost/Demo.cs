using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace AppHost;

/// <summary>Sends sample traffic: in turn a listing and a bid on it, with random values, and tells how far they have come.</summary>
internal sealed class Demo(Service receiver, Service storage, double eventsPerSecond) : IDisposable
{
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private long _accepted;
    private long _refused;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Steps.Say(string.Create(CultureInfo.InvariantCulture, $"Sample traffic: {eventsPerSecond:0.##} events a second."));
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / eventsPerSecond));
        var reported = DateTime.UtcNow;
        var random = new Random();
        var bid = false;
        long id = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (!bid)
                    id = random.NextInt64(1, 1_000_000);
                await SendAsync(
                    bid ? "bids" : "listings",
                    bid ? DemoEvents.Bid(id, random) : DemoEvents.Listing(id, random),
                    cancellationToken
                );
                bid = !bid;
                if (DateTime.UtcNow - reported < Report)
                    continue;
                reported = DateTime.UtcNow;
                await TellAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops, and the traffic with it.
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(string route, string body, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var reply = await _http.PostAsync(new Uri($"{receiver.Address}/site/{route}"), content, cancellationToken);
            if (reply.StatusCode == HttpStatusCode.Created)
                _accepted++;
            else
                _refused++;
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            _refused++; // The Receiver is away for a moment; the progress line tells.
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        string stored;
        try
        {
            using var counts = JsonDocument.Parse(
                await _http.GetStringAsync(new Uri($"{storage.Address}/site/events/count"), cancellationToken)
            );
            stored =
                $"{counts.RootElement.GetProperty("listings").GetInt64()} listings and {counts.RootElement.GetProperty("bids").GetInt64()} bids";
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            stored = "not known (storage does not answer)";
        }
        Steps.Say($"{DateTime.Now:HH:mm:ss}  sent and accepted {_accepted}, not accepted {_refused}; stored in all: {stored}");
    }

    // A request that took too long ends like a cancelled one, and must not end the traffic.
    private static bool IsNoAnswer(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
