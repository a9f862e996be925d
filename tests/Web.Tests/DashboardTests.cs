using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>Contract section 13 in a browser: every panel in every state, and what a hostile event cannot do.</summary>
public sealed class DashboardTests(BrowserFixture browser) : BrowserTests(browser)
{
    [Fact]
    public async Task Before_anything_happened_every_panel_says_so()
    {
        var page = await OpenAsync();

        await Expect(page.Locator("#processing-stats")).ToContainTextAsync("Statistics do not exist");
        await Expect(page.Locator("#analyzer-stats")).ToContainTextAsync("\"Listings\": 0");
        await Expect(page.Locator("#event-listings")).ToContainTextAsync("No message at index 1!");
        await Expect(page.Locator("#consistency-results")).ToHaveTextAsync("No consistency checks have been run yet");
        await Expect(page.Locator("#missing-db")).ToHaveTextAsync("None");
        await Expect(page.Locator("#missing-queue")).ToHaveTextAsync("None");
        await Expect(page.GetByText("No anomalies detected.")).ToBeVisibleAsync();
        await Expect(page).ToHaveTitleAsync("Real Estate Corp.");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Dashboard");
    }

    [Fact]
    public async Task Every_panel_shows_what_its_service_says_and_trace_ids_to_the_last_digit()
    {
        Platform.Add("listings", 1, 400_000);
        var second = Platform.Add("listings", 2, 600_023_230.25m);
        Platform.Add("bids", 7, 100);
        var bid = Platform.Add("bids", 8, 990.5m);

        var page = await OpenAsync();

        await Expect(page.Locator("#event-listings")).ToContainTextAsync($"\"trace_id\": {second}");
        await Expect(page.Locator("#event-bids")).ToContainTextAsync($"\"trace_id\": {bid}");
        await Expect(page.Locator("#processing-stats")).ToContainTextAsync("\"max_listing_price\": 600023230.25");
        await Expect(page.Locator("#analyzer-stats")).ToContainTextAsync("\"Bids\": 2");
        await Expect(page.Locator("#last-updated-value")).ToHaveTextAsync(new Regex(@"\d\d:\d\d:\d\d"));
        var anomalies = Table(page, "anomalies");
        await Expect(anomalies).ToContainTextAsync(bid);
        JsonDocument
            .Parse((await page.Locator("#processing-stats").TextContentAsync())!)
            .RootElement.GetProperty("num_bids")
            .GetInt32()
            .Should()
            .Be(2);
    }

    [Fact]
    public async Task The_index_field_chooses_the_event_and_empty_means_one()
    {
        for (var id = 10; id <= 13; id++)
            Platform.Add("listings", id, 5000 + id);
        var page = await OpenAsync();
        await Expect(page.Locator("#event-listings")).ToContainTextAsync("\"listing_id\": 11");

        await page.Locator("#index").FillAsync("3");
        await Expect(page.Locator("#event-listings")).ToContainTextAsync("\"listing_id\": 13");

        await page.Locator("#index").FillAsync("9");
        await Expect(page.Locator("#event-listings")).ToContainTextAsync("No message at index 9!");

        await page.Locator("#index").FillAsync("");
        await Expect(page.Locator("#event-listings")).ToContainTextAsync("\"listing_id\": 11");
    }

    [Fact]
    public async Task A_check_runs_from_the_button_tells_its_time_and_names_what_is_missing()
    {
        var lost = Platform.Add("listings", 7, 5000);
        Platform.Add("bids", 7, 5000);
        Platform.Lose("listings", 7, lost);
        Platform.CheckTakes = TimeSpan.FromSeconds(1);
        var page = await OpenAsync();
        await Expect(page.Locator("#consistency-results")).ToHaveTextAsync("No consistency checks have been run yet");

        await page.Locator("#run-check").ClickAsync();

        await Expect(page.Locator("#run-check")).ToBeDisabledAsync();
        await Expect(page.Locator("#run-check")).ToHaveTextAsync("Running Check...");
        await Expect(page.GetByText("Checked in 17 ms")).ToBeVisibleAsync();
        await Expect(page.Locator("#run-check")).ToBeEnabledAsync();
        await Expect(page.Locator("#missing-db")).ToContainTextAsync(lost);
        await Expect(page.Locator("#missing-queue")).ToHaveTextAsync("None");
        await Expect(page.Locator("#consistency-results")).ToContainTextAsync("On the topic");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "1 event not accounted for" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Checked in 17 ms")).ToHaveCountAsync(0, new() { Timeout = 6000 });
    }

    [Fact]
    public async Task Events_appear_as_they_come_and_lead_to_the_page_of_their_stations()
    {
        var page = await OpenAsync();
        await Expect(page.GetByText("Live", new() { Exact = true }).First).ToBeVisibleAsync();
        var latest = Table(page, "latest events");
        await Eventually.HoldsAsync(
            () => Platform.Service.Requests.Any(request => request.Contains("/analyzer/tail", StringComparison.Ordinal)),
            "the page follows the tail"
        );

        var traceId = Platform.Add("listings", 4711, 123_456.78m);

        await Expect(latest).ToContainTextAsync("4711");
        await Expect(latest).ToContainTextAsync("123,456.78");
        await Expect(latest).ToContainTextAsync(new Regex("1[12] ms"));
        await latest.GetByRole(AriaRole.Link, new() { Name = traceId }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Event {traceId}" })).ToBeVisibleAsync();
        var way = page.Locator(".way");
        await Expect(way).ToContainTextAsync("Committed to the event log");
        await Expect(way).ToContainTextAsync("1843200712345678901");
        await Expect(way).ToContainTextAsync("processing did not answer within 1 s.");
        page.Url.Should().EndWith($"#/events/{traceId}");
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Event {traceId}" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("pending", "open", "No comparison has come to it yet.", "Not there")]
    [InlineData("verified", "done", "Verified: log, topic and tables agree", "+")]
    public async Task A_station_that_has_not_happened_has_no_tick(string verdict, string state, string words, string age)
    {
        Platform.Verdict = verdict;
        var traceId = Platform.Add("listings", 4711, 5000);
        var page = await OpenAsync();
        await page.GotoAsync($"{page.Url}#/events/{traceId}");

        var station = page.Locator(".way-station", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = "Checked" }) });

        await Expect(station).ToContainTextAsync(words);
        await Expect(station).ToHaveClassAsync($"way-station {state}");
        await Expect(station.Locator(".age")).ToContainTextAsync(age);
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"event-{verdict}.png"), FullPage = true });
    }

    [Fact]
    public async Task A_single_price_is_a_dot_in_the_middle_of_its_chart()
    {
        var page = await OpenAsync();
        await Expect(page.GetByText("No listing or bid in the last quarter of an hour.")).ToBeVisibleAsync();

        await Eventually.HoldsAsync(
            () => Platform.Service.Requests.Any(request => request.Contains("/analyzer/tail", StringComparison.Ordinal)),
            "the page follows the tail"
        );
        Platform.Add("listings", 1, 600_000);

        var chart = page.Locator("section", new() { HasText = "Listings and offers, the last quarter of an hour" });
        await Expect(chart.Locator("figcaption")).ToContainTextAsync("listings 600,000.00");
        await Expect(chart.Locator(".plot canvas")).ToBeVisibleAsync();
        await Expect(page.GetByText("No listing or bid in the last quarter of an hour.")).ToHaveCountAsync(0);
        await Eventually.HoldsAsync(
            () =>
                chart
                    .Locator(".plot canvas")
                    .EvaluateAsync<bool>(
                        """
                        canvas => {
                          const dot = document.createElement('canvas').getContext('2d');
                          dot.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--series-1').trim();
                          dot.fillRect(0, 0, 1, 1);
                          const [red, green, blue] = dot.getImageData(0, 0, 1, 1).data;
                          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                          const columns = [];
                          for (let at = 0; at < data.length; at += 4)
                            if (Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue) < 9 && data[at + 3] > 200)
                              columns.push((at / 4) % canvas.width / canvas.width);
                          // A circle of five pixels, of which the edge is mixed with what lies behind it; in the middle of its time.
                          return columns.length >= 5 && columns.every(column => column > 0.4 && column < 0.8);
                        }
                        """
                    ),
            "the dot is drawn in its colour, in the middle"
        );
    }

    [Fact]
    public async Task An_event_is_found_by_its_trace_id_and_an_unknown_one_is_said_to_be_unknown()
    {
        var page = await OpenAsync();

        await page.GetByLabel("Trace id of an event").FillAsync(" 1738302360430669701 ");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find event" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Event 1738302360430669701" })).ToBeVisibleAsync();
        await Expect(page.GetByText("No event has this trace id")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the dashboard" }).ClickAsync();
        await Expect(page.Locator("#processing-stats")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Text_in_an_event_is_shown_and_never_run()
    {
        const string Payload = "<script>window.hit=1</script><img src=x onerror=window.hit=2>";
        Platform.Add("listings", 1, 1);
        var traceId = Platform.Add("listings", 2, 2, Payload);
        Platform.Lose("<b>listings</b>", 2, $"<img src=x onerror=window.hit=3>{traceId}");
        var page = await OpenAsync();

        await Expect(page.Locator("#event-listings")).ToContainTextAsync(Payload);
        await page.Locator("#run-check").ClickAsync();
        await Expect(page.Locator("#missing-db")).ToContainTextAsync("<b>listings</b>");
        Platform.Add("listings", 3, 3, Payload);
        await Expect(Table(page, "anomalies")).ToContainTextAsync(Payload);

        (await page.EvaluateAsync<bool>("() => window.hit === undefined")).Should().BeTrue();
        (await page.Locator("#app script, #app img").CountAsync()).Should().Be(0);
    }

    [Fact]
    public async Task While_a_service_is_away_its_panel_keeps_what_it_knew_and_says_how_old_that_is()
    {
        Platform.Add("listings", 1, 5000);
        var page = await OpenAsync();
        await Expect(page.Locator("#processing-stats")).ToContainTextAsync("\"num_listings\": 1");

        Platform.Away["processing"] = true;

        var panel = page.Locator("section", new() { Has = page.Locator("#processing-stats") });
        await Expect(panel).ToContainTextAsync("Stale, as of");
        await Expect(panel).ToContainTextAsync("The service processing broke the connection off");
        await Expect(page.Locator("#processing-stats")).ToContainTextAsync("\"num_listings\": 1");
        await Expect(page.Locator("#messages")).ToContainTextAsync("Statistics: The service processing");
        await Expect(page.Locator("#messages .message")).ToHaveCountAsync(0, new() { Timeout = 10_000 });
        await Expect(page.Locator("#analyzer-stats")).ToContainTextAsync("\"Listings\": 1");

        Platform.Away.Clear();
        Platform.Add("listings", 2, 5000);
        await Expect(page.Locator("#processing-stats")).ToContainTextAsync("\"num_listings\": 2");
        await Expect(panel).Not.ToContainTextAsync("Stale");
    }

    [Fact]
    public async Task A_page_that_is_open_lives_through_a_restart_of_everything_behind_it()
    {
        var port = FreePort.Next();
        var settings = Web
            .Gateway.Upstream.All.Select(service => $"{service.Setting.Name}={Platform.Service.Url}")
            .Append($"Server:Port={port}")
            .ToArray();
        var web = await WebHost.StartWithAsync(names: null, settings);
        Platform.Add("listings", 1, 5000);
        var page = await OpenAsync(web);
        await Expect(page.Locator("#analyzer-stats")).ToContainTextAsync("\"Listings\": 1");
        await page.Locator("#index").FocusAsync();

        await web.DisposeAsync();
        await Platform.Service.StopAsync();
        await Expect(page.Locator(".badge")).ToHaveTextAsync("Offline");
        await Expect(page.Locator("section", new() { Has = page.Locator("#analyzer-stats") }))
            .ToContainTextAsync("The server cannot be reached.");

        await Platform.Service.StartAsync();
        Platform.Add("listings", 2, 5000);
        await using var again = await WebHost.StartWithAsync(names: null, settings);
        await Expect(page.Locator("#analyzer-stats")).ToContainTextAsync("\"Listings\": 2");
        await Expect(page.Locator(".badge")).ToHaveTextAsync("Live");
        await Expect(page.Locator("#index")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Pause_stops_all_that_moves_and_resume_goes_on()
    {
        Platform.Add("listings", 1, 5000);
        var page = await OpenAsync();
        await Expect(page.Locator("#analyzer-stats")).ToContainTextAsync("\"Listings\": 1");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator(".badge")).ToHaveTextAsync("Paused");
        Platform.Add("listings", 2, 5000);
        var asked = Platform.Service.Requests.Count(IsPolling);
        // Longer than the page ever waits between two looks.
        await page.WaitForTimeoutAsync(5000);
        Platform.Service.Requests.Count(IsPolling).Should().Be(asked);
        await Expect(page.Locator("#analyzer-stats")).ToContainTextAsync("\"Listings\": 1");

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator("#analyzer-stats")).ToContainTextAsync("\"Listings\": 2");

        static bool IsPolling(string request) => request.StartsWith("GET /anomaly_detector/anomalies", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_tail_new_events_are_asked_for()
    {
        Platform.HasTail = false;
        var page = await OpenAsync();

        Platform.Add("bids", 99, 77_000);

        await Expect(Table(page, "latest events")).ToContainTextAsync("77,000.00");
    }

    [Fact]
    public async Task A_chosen_theme_holds_and_outlives_the_visit()
    {
        var page = await OpenAsync();
        var background = () => page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        var light = await background();

        await page.GetByLabel("Theme").SelectOptionAsync("dark");
        (await background()).Should().NotBe(light);
        await page.ReloadAsync();
        (await background()).Should().NotBe(light);
        await Expect(page.GetByLabel("Theme")).ToHaveValueAsync("dark");

        await page.GetByLabel("Theme").SelectOptionAsync("system");
        (await background()).Should().Be(light);
    }
}
