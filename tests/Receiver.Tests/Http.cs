using System.Net;
using System.Text;
using System.Text.Json;

namespace Receiver.Tests;

/// <summary>Requests and replies as a client sees them.</summary>
internal static class Http
{
    public const string Listing =
        """{"listing_id":1,"listing_price":600000.00,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Apartment","listing_status":"SOLD","listing_contact":"random_person@random.com"}""";

    public const string Bid =
        """{"bidding_id":1,"listing_id":1,"asking_price":600000.00,"offer_price":619000.00,"offer_date":"2025-01-07T12:47:00Z","property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED"}""";

    public const string Run =
        """{"user_id":"d290f1ee-6c54-4b01-90e6-d701748f0851","duration":3600,"distance":5000.25,"timestamp":"2024-09-10T09:12:33.001Z"}""";

    public const string Song =
        """{"user_id":"d999f1ee-6c54-4b01-90e6-d701748f0851","song_name":"Run Boy Run","artist":"Woodkid","song_duration":180.5,"timestamp":"2024-09-10T09:12:33.001Z"}""";

    public static Task<HttpResponseMessage> PostAsync(
        this HttpClient client,
        string path,
        string body,
        string? contentType = "application/json",
        string? idempotencyKey = null
    ) => client.PostAsync(path, Encoding.UTF8.GetBytes(body), contentType, idempotencyKey);

    public static Task<HttpResponseMessage> PostAsync(
        this HttpClient client,
        string path,
        byte[] body,
        string? contentType = "application/json",
        string? idempotencyKey = null
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> PostLinesAsync(this HttpClient client, params string[] lines) =>
        client.PostAsync("/receiver/site/events", string.Join('\n', lines), "application/x-ndjson");

    public static Task<string> TextAsync(this HttpResponseMessage reply) =>
        reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Asserts that the reply is a problem document of exactly the contract's keys.</summary>
    /// <returns>The detail.</returns>
    public static async Task<string> ProblemAsync(this HttpResponseMessage reply, HttpStatusCode status)
    {
        var text = await reply.TextAsync();
        reply.StatusCode.Should().Be(status, text);
        reply.Content.Headers.ContentType!.ToString().Should().Be("application/problem+json");
        using var document = JsonDocument.Parse(text);
        document
            .RootElement.EnumerateObject()
            .Select(property => property.Name)
            .Should()
            .BeEquivalentTo("type", "title", "detail", "status");
        document.RootElement.GetProperty("type").GetString().Should().Be("about:blank");
        document.RootElement.GetProperty("status").GetInt32().Should().Be((int)status);
        return document.RootElement.GetProperty("detail").GetString()!;
    }

    /// <summary>Asserts that the reply is 201 and says the same trace id twice.</summary>
    /// <returns>The trace id.</returns>
    public static async Task<long> TraceIdAsync(this HttpResponseMessage reply)
    {
        var text = await reply.TextAsync();
        reply.StatusCode.Should().Be(HttpStatusCode.Created, text);
        reply.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        var header = reply.Headers.GetValues("X-Trace-Id").Should().ContainSingle().Subject;
        text.Should().Be($"{{\"trace_id\":{header}}}");
        header.Should().MatchRegex("^[1-9][0-9]{18}$");
        return long.Parse(header, null);
    }

    /// <summary>The same where trace ids are UUIDs.</summary>
    public static async Task<string> UuidAsync(this HttpResponseMessage reply)
    {
        var text = await reply.TextAsync();
        reply.StatusCode.Should().Be(HttpStatusCode.Created, text);
        reply.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        var header = reply.Headers.GetValues("X-Trace-Id").Should().ContainSingle().Subject;
        text.Should().Be($"{{\"trace_id\":\"{header}\"}}");
        header.Should().MatchRegex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
        return header;
    }

    /// <summary>The lines of a batch's reply as "status trace-id-or-detail".</summary>
    public static async Task<IReadOnlyList<(int Status, string? TraceId, string? Detail)>> LinesAsync(this HttpResponseMessage reply)
    {
        reply.Content.Headers.ContentType!.ToString().Should().Be("application/x-ndjson");
        var lines = (await reply.TextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var results = new List<(int, string?, string?)>();
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            document.RootElement.GetProperty("line").GetInt32().Should().Be(results.Count + 1);
            results.Add(
                (
                    document.RootElement.GetProperty("status").GetInt32(),
                    document.RootElement.TryGetProperty("trace_id", out var traceId) ? traceId.GetRawText() : null,
                    document.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null
                )
            );
        }
        return results;
    }
}
