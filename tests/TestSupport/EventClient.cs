using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace TestSupport;

/// <summary>A client as the contract means it: sends an event, and sends it again with the same Idempotency-Key until it is answered 201.</summary>
public sealed class EventClient(Func<int, Uri> receiver, Journal journal) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 })
    {
        Timeout = TimeSpan.FromSeconds(15),
    };

    /// <summary>A valid listing.</summary>
    public static string Listing(long id) =>
        $$"""{"listing_id":{{id}},"listing_price":{{id}}.25,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Condo","listing_status":"AVAILABLE","listing_contact":"{{id}}@example.com"}""";

    /// <summary>A valid bid on the listing of the same number.</summary>
    public static string Bid(long id) =>
        $$"""{"bidding_id":{{id}},"listing_id":{{id}},"asking_price":{{id}}.25,"offer_price":{{id}}.5,"property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED"}""";

    /// <summary>Sends one listing (even numbers) or bid (odd numbers) until it is accepted.</summary>
    public async Task SendAsync(long number, CancellationToken cancellationToken)
    {
        var route = number % 2 == 0 ? "listings" : "bids";
        var body = number % 2 == 0 ? Listing(number) : Bid(number);
        var key = $"{route}-{number}-{Guid.NewGuid():N}";
        for (var attempt = 0; ; attempt++)
        {
            if (attempt > 0)
            {
                journal.Repeat();
                await Task.Delay(50, cancellationToken);
            }
            if (await TrySendAsync(receiver(attempt), route, body, key, cancellationToken) is not { } traceId)
                continue;
            journal.Accept(traceId, $"{route} {number.ToString(CultureInfo.InvariantCulture)}");
            return;
        }
    }

    /// <summary>Sends numbers <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/> - 1 by <paramref name="clients"/> clients at once.</summary>
    public async Task SendManyAsync(long from, int count, int clients, CancellationToken cancellationToken)
    {
        var next = from - 1;
        await Task.WhenAll(
            Enumerable
                .Range(0, clients)
                .Select(async _ =>
                {
                    while (true)
                    {
                        var number = Interlocked.Increment(ref next);
                        if (number >= from + count)
                            return;
                        await SendAsync(number, cancellationToken);
                    }
                })
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string?> TrySendAsync(Uri address, string route, string body, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"receiver/site/{route}"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", key } },
        };
        try
        {
            using var reply = await _http.SendAsync(request, cancellationToken);
            var text = await reply.Content.ReadAsStringAsync(cancellationToken);
            return reply.StatusCode switch
            {
                HttpStatusCode.Created => JsonDocument
                    .Parse(text)
                    .RootElement.GetProperty("trace_id")
                    .GetInt64()
                    .ToString(CultureInfo.InvariantCulture),
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => null,
                // A gateway whose service broke off or said nothing: whether the event was taken, the next attempt finds out.
                HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => null,
                _ => throw new InvalidOperationException($"{route} was answered {(int)reply.StatusCode}: {text}"),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException)
        {
            return null; // The process is gone or going: whether the event was taken, the next attempt finds out.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
