using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>
/// Pictures of the dashboard, for looking at and for the README. Run by <c>scripts/screenshots</c> against a platform that is running;
/// never part of a suite.
/// </summary>
public sealed class Screenshots(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory(Explicit = true)]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    public async Task Take(int width, ColorScheme scheme)
    {
        var folder = Setting("SCREENSHOTS_FOLDER");
        var page = await browser.OpenAsync(new Uri(Setting("SCREENSHOTS_URL")), width, scheme);
        // Long enough for the charts to have something to show.
        await Expect(page.GetByText("Live", new() { Exact = true }).First).ToBeVisibleAsync();
        await Expect(page.Locator("table .trace").First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await page.WaitForTimeoutAsync(12_000);
        var name = $"{width}-{scheme.ToString().ToLowerInvariant()}";
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"dashboard-{name}.png"), FullPage = true });
        await page.Locator("table .trace").First.ClickAsync();
        await Expect(page.Locator(".way")).ToBeVisibleAsync();
        await page.WaitForTimeoutAsync(500);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"event-{name}.png"), FullPage = true });
        await page.Context.DisposeAsync();
    }

    private static string Setting(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set; use scripts/screenshots.");
}
