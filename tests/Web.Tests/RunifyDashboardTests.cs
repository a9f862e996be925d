using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>Section 13 of the Runify contract in a browser: every panel, on a tab of its own or as the whole page.</summary>
public sealed class RunifyDashboardTests(BrowserFixture browser) : BrowserTests(browser)
{
    private const string Hostile = "<img src=x onerror=document.title='stolen'>";

    [Fact]
    public async Task With_both_systems_on_Runify_is_a_tab_that_has_every_panel()
    {
        var run = Platform.AddRun("runner-1", 3600, 42500);
        var song = Platform.AddSong("listener-1", Hostile, 12);
        Platform.Add("listings", 1, 400_000);
        var page = await OpenAsync();
        await Expect(page).ToHaveTitleAsync("Real Estate Corp.");
        await Expect(page.Locator("#event-running")).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Runify" }).ClickAsync();

        await Expect(page).ToHaveTitleAsync("Runify Dashboard");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Runify Statistics");
        await Expect(page.Locator("#event-listings")).ToBeHiddenAsync();
        await SaysAsync(
            page,
            "stats",
            "Total Runs1",
            "Average Run Duration60.00 min",
            "Max Run Distance42.50 km",
            "Total Songs1",
            "Average Song Duration0.20 min"
        );
        await SaysAsync(page, "last-updated", "31/10/2024, 09:53:19");
        await SaysAsync(page, "event-running", "runner-1", "60.00 min", "42.50 km", run);
        await SaysAsync(page, "event-music", "listener-1", Hostile, "Woodkid", "0.20 min", song);
        await SaysAsync(page, "running-anomalies", "LongRun", "runner-1", "Seen of a run", run);
        await SaysAsync(page, "music-anomalies", "ShortSong", "listener-1", song);
        await SaysAsync(page, "check-status", "Healthy", "Storage has 1 runs and 1 songs", "Unavailable");
        await SaysAsync(page, "event-counts", "Stored", "On the topic", "Counted");
        await Expect(page.Locator("#runify-latest-title")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("both", "3")]
    [InlineData("real_estate", "1")]
    [InlineData("runify", "2")]
    public async Task The_way_of_an_event_counts_what_is_odd_in_every_system_that_is_on(string systems, string odd)
    {
        Platform.AddRun("runner-1", 3600, 42500);
        Platform.AddSong("listener-1", "Short", 12);
        Platform.Add("listings", 1, 500);
        await using var web = await WebHost.StartAsync(Platform.Service.Url, $"Systems={systems}");
        var page = await OpenAsync(web);

        var watched = page.Locator(".station", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = "Watched" }) });

        await Expect(watched.Locator(".station-rate")).ToHaveTextAsync(odd);
        if (systems != "both")
            return;
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "watched.png") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Runify" }).ClickAsync();
        Platform.AddSong("listener-1", "Shorter", 11);
        Platform.Add("listings", 2, 400);
        await Expect(watched.Locator(".station-rate")).ToHaveTextAsync("5");
    }

    [Fact]
    public async Task Before_anything_happened_every_panel_says_so()
    {
        await using var alone = await WebHost.StartAsync(Platform.Service.Url, "Systems=runify");
        var page = await OpenAsync(alone);

        await Expect(page).ToHaveTitleAsync("Runify Dashboard");
        await SaysAsync(page, "stats", "Status code 404: Statistics do not exist");
        await SaysAsync(page, "event-running", "Status code 404: Not Found");
        await SaysAsync(page, "event-music", "Status code 404: Not Found");
        await SaysAsync(page, "running-anomalies", "No anomalies detected");
        await SaysAsync(page, "music-anomalies", "No anomalies detected");
        await Expect(page.Locator("#processing-stats")).ToHaveCountAsync(0);
        await Expect(page.Locator("#run-check")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_is_0_is_not_available()
    {
        Platform.AddSong("listener-1", "Run Boy Run", 180);
        var page = await OpenRunifyAsync();

        await SaysAsync(
            page,
            "stats",
            "Total RunsN/A",
            "Average Run DurationN/A",
            "Max Run DistanceN/A",
            "Total Songs1",
            "Average Song Duration3.00 min"
        );
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Nothing_keeps_anybody_out_and_nothing_sticks_out(ColorScheme scheme, int width)
    {
        for (var i = 0; i < 20; i++)
        {
            var at = DateTimeOffset.UtcNow.AddSeconds(i - 30);
            Platform.AddRun("d290f1ee-6c54-4b01-90e6-d701748f0851", 1800 + i * 100, i == 3 ? 43_000 : 5_000 + i * 100, at);
            Platform.AddSong(
                "d999f1ee-6c54-4b01-90e6-d701748f0851",
                "A_very_long_word_without_any_break_in_it_and_more_of_it",
                120 + i,
                at
            );
        }
        var page = await OpenRunifyAsync(width, scheme);
        await Expect(page.Locator(".system[data-system=runify] .uplot").Last).ToBeVisibleAsync();
        foreach (var table in await page.Locator(".system[data-system=runify]").GetByText("Show as a table").AllAsync())
            await table.ClickAsync();

        await ExpectNoViolationsAsync(page);
        await ExpectNoScrollAsync(page);
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"runify-{scheme}-{width}.png"), FullPage = true });

        Platform.Away["analyzer"] = true;
        await Expect(page.Locator("#event-running")).ToContainTextAsync("Status code 50");
        await ExpectNoViolationsAsync(page);
    }

    [Theory]
    [InlineData("both", "<title>Real Estate Corp.</title>", "<h1>Dashboard</h1>")]
    [InlineData("runify", "<title>Runify Dashboard</title>", "<h1>Runify Statistics</h1>")]
    public async Task The_html_carries_title_heading_and_every_element_before_a_script_runs(string systems, string title, string heading)
    {
        await using var web = await WebHost.StartAsync(Platform.Service.Url, $"Systems={systems}");

        var html = await web.Client.GetStringAsync("/", TestContext.Current.CancellationToken);

        html.Should().Contain(title).And.Contain(heading);
        foreach (var id in new[] { "stats", "last-updated", "event-running", "event-music", "running-anomalies", "music-anomalies" })
            html.Should().Contain($"id=\"{id}\"");
        var logo = await web.Client.GetAsync("/images/logo.png", TestContext.Current.CancellationToken);
        logo.Content.Headers.ContentType!.MediaType.Should().Be("image/png");
    }

    private async Task<IPage> OpenRunifyAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await OpenAsync(width: width, scheme: scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = "Runify" }).ClickAsync();
        return page;
    }

    private static async Task SaysAsync(IPage page, string id, params string[] texts)
    {
        foreach (var text in texts)
            await Expect(page.Locator($"#{id}")).ToContainTextAsync(text);
    }
}
