using System.Net;
using System.Text.Json;
using MassTransit.Kafka.Extensions;
using ReaderSupport;
using TestSupport;

namespace Anomalies.Tests;

/// <summary>Section 9 of the real-estate contract, row by row, over HTTP and a topic.</summary>
public sealed class ContractTests(MariaDbFixture fixture) : IAsyncLifetime
{
    private readonly EmbeddedKafka _kafka = new();
    private readonly TopicLog _log = new();
    private ReaderHost? _anomalies;

    private ReaderHost Anomalies => _anomalies!;

    /// <summary>Section and case, method and path, status, content type.</summary>
    public static TheoryData<string, string, string, int, string?> Routes =>
        new()
        {
            { "9: all", "GET", "/anomaly_detector/anomalies", 200, "application/json" },
            { "9: listings", "GET", "/anomaly_detector/anomalies?event_type=listings", 200, "application/json" },
            { "9: bids", "GET", "/anomaly_detector/anomalies?event_type=bids", 200, "application/json" },
            { "9: another type", "GET", "/anomaly_detector/anomalies?event_type=cars", 400, "application/json" },
            { "9: no type", "GET", "/anomaly_detector/anomalies?event_type=", 400, "application/json" },
            { "9: a type of the other system", "GET", "/anomaly_detector/anomalies?event_type=running_stats", 400, "application/json" },
            { "9: update", "PUT", "/anomaly_detector/update", 201, "application/json" },
            { "9: update by POST", "POST", "/anomaly_detector/update", 201, "application/json" },
            { "2: another method", "DELETE", "/anomaly_detector/update", 405, "application/problem+json" },
            { "2: unknown parameter", "GET", "/anomaly_detector/anomalies?type=bids", 400, "application/problem+json" },
            { "2: a limit of nothing", "GET", "/anomaly_detector/anomalies?limit=0", 400, "application/problem+json" },
            { "2: no cursor", "GET", "/anomaly_detector/anomalies?after=x", 400, "application/problem+json" },
            { "1: without the base path", "GET", "/anomalies", 200, "application/json" },
            { "1: a slash at the end", "GET", "/anomaly_detector/anomalies/", 200, "application/json" },
            { "1: API document", "GET", "/anomaly_detector/openapi.json", 200, "application/json" },
            { "1: API page", "GET", "/anomaly_detector/ui/", 200, "text/html" },
        };

    public async ValueTask InitializeAsync()
    {
        _kafka.CreateTopic("events", 4);
        _anomalies = await AnomaliesHost.StartAsync(
            fixture.Server,
            "Systems=RealEstate",
            $"Kafka:BootstrapServers={_kafka.BootstrapServers}"
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_anomalies is not null)
            await _anomalies.DisposeAsync();
        _kafka.Dispose();
    }

    [Fact]
    public async Task Every_row_of_the_contract_is_answered_as_it_says()
    {
        await TopicLog.ProduceAsync(
            _kafka.BootstrapServers,
            [_log.Next(Sample.Listing(1, "999.99")), _log.Next(Sample.Bid(2, "10", "9.99")), _log.Next(Sample.Run())]
        );
        await UpdateAsync(2);
        foreach (var row in Routes)
        {
            var (section, method, path, status, type) = row.Data;
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var reply = await Anomalies.Client.SendAsync(request);
            var text = await reply.Content.ReadAsStringAsync();

            ((int)reply.StatusCode).Should().Be(status, $"{section}: {text}");
            reply.Content.Headers.ContentType?.MediaType.Should().Be(type, section);
            if (type == "application/problem+json")
                AnomaliesHost.Keys(text).Should().Equal(["type", "title", "detail", "status"], section);
            else if (status == 400)
                AnomaliesHost.Keys(text).Should().Equal(["message"], section);
            else if (status == 201)
                text.Should().Be("""{"anomalies_count":2}""", section);
        }
    }

    [Fact]
    public async Task An_anomaly_has_the_contracts_keys_as_texts_and_names_value_and_limit()
    {
        var listing = Sample.Listing(7, "999.99");
        var bid = Sample.Bid(8, "10", "9.995");
        await TopicLog.ProduceAsync(_kafka.BootstrapServers, [_log.Next(listing), _log.Next(bid)]);
        await UpdateAsync(2);

        var text = await Anomalies.Client.GetStringAsync("/anomaly_detector/anomalies");

        AnomaliesHost.Keys(text).Should().Equal("event_id", "trace_id", "event_type", "anomaly_type", "description");
        using var found = JsonDocument.Parse(text);
        found
            .RootElement.EnumerateArray()
            .Select(anomaly => string.Join('|', anomaly.EnumerateObject().Select(key => key.Value.GetString())))
            .Should()
            .Equal(
                $"7|{listing.TraceId}|listings|Too Low|Listing price of 999.99 is below the threshold of 1000.00.",
                $"8|{bid.TraceId}|bids|Too Low|Offer price of 9.995 is below the asking price of 10.00."
            );
        (await Anomalies.Client.GetStringAsync("/anomalies?event_type=bids"))
            .Should()
            .Contain($"{bid.TraceId}")
            .And.NotContain($"{listing.TraceId}");
        // Whoever reads the file has the same.
        (await File.ReadAllTextAsync(Path.Combine(Anomalies.Folder, "data.json")))
            .Should()
            .Be(text);
    }

    [Fact]
    public async Task The_limits_are_strict_and_none_is_204()
    {
        await TopicLog.ProduceAsync(
            _kafka.BootstrapServers,
            [_log.Next(Sample.Listing(1, "1000.00")), _log.Next(Sample.Bid(2, "10.00", "10")), _log.Next(Sample.Listing(1, "1e3"))]
        );
        await UpdateAsync(0);

        using var reply = await Anomalies.Client.GetAsync("/anomaly_detector/anomalies");
        reply.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await reply.Content.ReadAsByteArrayAsync()).Should().BeEmpty();

        await TopicLog.ProduceAsync(
            _kafka.BootstrapServers,
            [_log.Next(Sample.Listing(1, "999.999999")), _log.Next(Sample.Bid(2, "10.000001", "10"))]
        );
        await UpdateAsync(2);
    }

    [Fact]
    public async Task Until_it_has_caught_up_once_the_answer_is_404_with_a_message()
    {
        // Nobody can say that it has caught up: its broker is not there.
        await using var lost = await AnomaliesHost.StartAsync(fixture.Server);

        using var reply = await lost.Client.GetAsync("/anomaly_detector/anomalies");
        reply.StatusCode.Should().Be(HttpStatusCode.NotFound);
        AnomaliesHost.Keys(await reply.Content.ReadAsStringAsync()).Should().Equal("message");
        using var update = await lost.Client.PutAsync("/anomaly_detector/update", null);
        update.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        update.Headers.RetryAfter.Should().NotBeNull();
        AnomaliesHost.Keys(await update.Content.ReadAsStringAsync()).Should().Equal("message");
        // An update was asked for, so what is known is given out.
        (await lost.Client.GetAsync("/anomaly_detector/anomalies"))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);

        // The other one catches up by itself, without being asked.
        await Eventually.HoldsAsync(
            async () => (await Anomalies.Client.GetAsync("/anomalies")).StatusCode == HttpStatusCode.NoContent,
            "it has caught up"
        );
    }

    [Fact]
    public async Task Pages_give_every_anomaly_once_and_a_restored_database_is_noticed()
    {
        var listings = Enumerable.Range(1, 25).Select(id => Sample.Listing(id, "1")).ToList();
        await Anomalies.Inbox.ApplyAsync(0, [.. listings.Select(listing => _log.Next(listing))]);
        (await Anomalies.Client.PutAsync("/update", null)).EnsureSuccessStatusCode();
        var found = new List<string>();
        var after = "";
        HttpStatusCode status;
        do
        {
            using var reply = await Anomalies.Client.GetAsync($"/anomalies?limit=10{after}");
            status = reply.StatusCode;
            after = $"&after={reply.Headers.GetValues("X-Next-After").Single()}";
            if (status == HttpStatusCode.NoContent)
                break;
            using var page = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
            found.AddRange(page.RootElement.EnumerateArray().Select(anomaly => anomaly.GetProperty("trace_id").GetString()!));
        } while (status == HttpStatusCode.OK);

        found.Should().Equal(listings.Select(listing => listing.Identity));
        await Anomalies.QueryAsync("DELETE FROM anomaly WHERE no = 25");
        (await Anomalies.Client.GetAsync($"/anomalies?limit=10{after}")).StatusCode.Should().Be(HttpStatusCode.Gone);
    }

    private async Task UpdateAsync(int anomalies)
    {
        using var reply = await Anomalies.Client.PutAsync("/anomaly_detector/update", null);
        // Between the start and its first assignment the reader is behind, and says so.
        if (reply.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            await UpdateAsync(anomalies);
            return;
        }
        reply.StatusCode.Should().Be(HttpStatusCode.Created);
        (await reply.Content.ReadAsStringAsync()).Should().Be($$"""{"anomalies_count":{{anomalies}}}""");
    }
}
