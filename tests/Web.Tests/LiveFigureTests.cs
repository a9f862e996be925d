using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TestSupport;
using Web.Live;

namespace Web.Tests;

/// <summary>The dashboard's own figures: samples of every station and how each service is.</summary>
public sealed class LiveFigureTests
{
    [Fact]
    public async Task A_sample_holds_what_each_station_has_seen_and_nothing_where_it_cannot_be_asked()
    {
        await using var service = await StubService.StartAsync(AnswerAsync);
        await using var web = await WebHost.StartAsync(service.Url, $"services:processing:url=http://127.0.0.1:{FreePort.Next()}");

        using var figures = await FiguresAsync(web, figures => figures.RootElement.GetProperty("samples").GetArrayLength() > 0);

        var sample = figures.RootElement.GetProperty("samples")[0];
        sample.GetProperty("accepted").GetInt64().Should().Be(30);
        sample.GetProperty("relayed").GetInt64().Should().Be(29);
        sample.GetProperty("stored").GetInt64().Should().Be(28);
        sample.GetProperty("indexed").GetInt64().Should().Be(27);
        sample.GetProperty("counted").ValueKind.Should().Be(JsonValueKind.Null);
        var states = figures
            .RootElement.GetProperty("services")
            .EnumerateArray()
            .ToDictionary(state => state.GetProperty("name").GetString()!, state => state);
        states["receiver"].GetProperty("state").GetString().Should().Be("Up");
        states["processing"].GetProperty("state").GetString().Should().Be("Away");
    }

    [Fact]
    public async Task The_stream_goes_on_where_its_reader_stopped()
    {
        await using var service = await StubService.StartAsync(AnswerAsync);
        await using var web = await WebHost.StartAsync(service.Url);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var first = await FiguresAsync(web, figures => figures.RootElement.GetProperty("samples").GetArrayLength() > 0);
        var last = first.RootElement.GetProperty("samples").EnumerateArray().Last().GetProperty("id").GetInt64();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/live");
        request.Headers.Add("Last-Event-ID", $"{last}");

        using var reply = await web.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var reader = new StreamReader(await reply.Content.ReadAsStreamAsync(limit.Token));
        string? line;
        do line = await reader.ReadLineAsync(limit.Token);
        while (line?.StartsWith("id:", StringComparison.Ordinal) != true);

        reply.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        long.Parse(line[3..], null).Should().BeGreaterThan(last);
    }

    [Fact]
    public void Samples_are_kept_for_a_quarter_of_an_hour()
    {
        var history = new SampleHistory();
        for (var id = 1; id <= SampleHistory.Capacity + 10; id++)
            history.Add(new StageSample(id, null, null, null, null, null));

        var (samples, next) = history.After(0);

        samples.Select(sample => sample.Id).Should().HaveCount(SampleHistory.Capacity).And.StartWith(11L).And.BeInAscendingOrder();
        next.IsCompleted.Should().BeFalse();
        history.Add(new StageSample(10_000, null, null, null, null, null));
        next.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Theory]
    [InlineData("eventlog_appended_total{type=\"listings\"} 3 1700000000000\neventlog_appended_total{type=\"a } b\"} 4\n", 7)]
    [InlineData("eventlog_appended_total 5\neventlog_appended_totals 9\neventlog_appended_rows_total 9", 5)]
    [InlineData("# TYPE eventlog_appended_total counter\neventlog_appended_total{x=\"1\"} 1e3", 1000)]
    [InlineData("", 0)]
    public void A_counter_is_summed_over_its_labels(string metrics, long sum) =>
        UpstreamFigures.Counter(metrics, "eventlog_appended_total").Should().Be(sum);

    private static async Task<JsonDocument> FiguresAsync(WebHost web, Func<JsonDocument, bool> enough)
    {
        JsonDocument? figures = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                figures = JsonDocument.Parse(await web.Client.GetStringAsync("/dashboard/figures"));
                return enough(figures);
            },
            "the gateway has asked the services"
        );
        return figures!;
    }

    private static Task AnswerAsync(HttpContext context) =>
        context.Response.WriteAsync(
            context.Request.Path.Value switch
            {
                "/health/ready" => """{"status":"Healthy","dependencies":{"database":{"status":"Healthy","description":"Fine."}}}""",
                "/metrics" =>
                    "eventlog_appended_total{type=\"listings\"} 10\neventlog_appended_total{type=\"bids\"} 20\nrelay_sent_total 29\n",
                "/storage/site/events/count" => """{"listings":14,"bids":14}""",
                "/analyzer/stats" => """{"Listings":13,"Bids":14}""",
                _ => "{}",
            }
        );
}
