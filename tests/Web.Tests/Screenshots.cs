using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>
/// Pictures of the dashboard, for looking at and for the README. Run by <c>scripts/screenshots</c>, against a platform that is running or
/// one that is made up; never part of a suite.
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
        var folder =
            Environment.GetEnvironmentVariable("SCREENSHOTS_FOLDER")
            ?? throw new InvalidOperationException("SCREENSHOTS_FOLDER is not set; use scripts/screenshots.");
        await using var madeUp = Environment.GetEnvironmentVariable("SCREENSHOTS_URL") is null ? await MadeUp.StartAsync() : null;
        var address = madeUp?.Address ?? new Uri(Environment.GetEnvironmentVariable("SCREENSHOTS_URL")!);
        var page = await browser.OpenAsync(address, width, scheme);
        // Long enough for the charts to have something to show.
        await Expect(page.GetByText("Live", new() { Exact = true }).First).ToBeVisibleAsync();
        await Expect(page.Locator("table .trace").First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await page.WaitForTimeoutAsync(12_000);
        var name = $"{width}-{scheme.ToString().ToLowerInvariant()}";
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"dashboard-{name}.png"), FullPage = true });
        // What fits a window, for the README.
        await page.ScreenshotAsync(
            new()
            {
                Path = Path.Combine(folder, $"top-{name}.png"),
                Clip = new() { Width = width, Height = 830 },
            }
        );
        await page.Locator("table .trace").First.ClickAsync();
        await Expect(page.Locator(".way")).ToBeVisibleAsync();
        await page.WaitForTimeoutAsync(500);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"event-{name}.png"), FullPage = true });
        // The made-up platform has no jobs.
        if (madeUp is null)
            await JobsAsync(page, address, folder, name);
        await page.Context.DisposeAsync();
    }

    private static async Task JobsAsync(IPage page, Uri address, string folder, string name)
    {
        foreach (var (service, file) in new[] { ("processing", "jobs"), ("consistency_check", "checks") })
        {
            await page.GotoAsync(new Uri(address, $"{service}/hangfire/recurring").ToString());
            await Expect(page.Locator("table tbody tr").First).ToBeVisibleAsync();
            await page.ScreenshotAsync(
                new()
                {
                    Path = Path.Combine(folder, $"{file}-{name}.png"),
                    Clip = new() { Width = name.StartsWith("1280", StringComparison.Ordinal) ? 1280 : 360, Height = 420 },
                }
            );
        }
    }

    /// <summary>A gateway before services that have a past and get an event four times a second.</summary>
    private sealed class MadeUp(StubPlatform platform, WebHost web) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private Task _traffic = Task.CompletedTask;

        public Uri Address => web.Address;

        public static async Task<MadeUp> StartAsync()
        {
            var platform = await StubPlatform.StartAsync();
            var random = new Random(7);
            for (var at = DateTimeOffset.UtcNow.AddMinutes(-14); at < DateTimeOffset.UtcNow; at = at.AddSeconds(2.2))
                Add(platform, random, at);
            var web = await WebHost.StartAsync(platform.Service.Url);
            using (await web.Client.PostAsync("/consistency_check/update", null)) { }
            var madeUp = new MadeUp(platform, web);
            madeUp._traffic = madeUp.SendAsync(random);
            return madeUp;
        }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _traffic;
            await web.DisposeAsync();
            await platform.DisposeAsync();
            _stopping.Dispose();
        }

        private async Task SendAsync(Random random)
        {
            while (!_stopping.IsCancellationRequested)
            {
                Add(platform, random, DateTimeOffset.UtcNow);
                await Task.Delay(250, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }

        private static void Add(StubPlatform platform, Random random, DateTimeOffset at)
        {
            var id = random.Next(1, 1_000_000);
            var price = random.Next(200) == 0 ? 740.5m : 120_000 + id * 0.8m;
            var latency = 8 + random.Next(12) + (random.Next(12) == 0 ? random.Next(40) : 0);
            platform.Add(random.Next(2) == 0 ? "listings" : "bids", id, price, at: at, latencyMs: latency);
        }
    }
}
