using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace AppHost;

/// <summary>Sends sample traffic: in turn one event of each type, with random values, and tells how far they have come.</summary>
internal sealed class Demo(Service receiver, Service storage, IReadOnlyList<DemoType> types, double eventsPerSecond) : IDisposable
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
        var next = 0;
        long id = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                // A round is about one thing: the bid is on the listing before it, the song is of the runner.
                if (next == 0)
                    id = random.NextInt64(1, 1_000_000);
                await SendAsync(types[next], types[next].Body(id, random), cancellationToken);
                next = (next + 1) % types.Count;
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

    private async Task SendAsync(DemoType type, string body, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var reply = await _http.PostAsync(new Uri($"{receiver.Address}/{type.Route}"), content, cancellationToken);
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
            var parts = new List<string>();
            foreach (var route in types.GroupBy(type => type.CountRoute))
            {
                using var counts = JsonDocument.Parse(
                    await _http.GetStringAsync(new Uri($"{storage.Address}/{route.Key}"), cancellationToken)
                );
                parts.AddRange(route.Select(type => $"{counts.RootElement.GetProperty(type.CountKey).GetInt64()} {type.Plural}"));
            }
            stored = $"{string.Join(", ", parts.SkipLast(1))} and {parts[^1]}";
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
