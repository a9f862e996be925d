using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Web.Tests;

/// <summary>A gateway with a made-up platform behind it, and pages of it in a browser.</summary>
public abstract class BrowserTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private readonly List<string> _violations = [];
    private readonly List<IPage> _pages = [];

    private protected StubPlatform Platform { get; private set; } = null!;

    private protected WebHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Platform = await StubPlatform.StartAsync();
        Host = await WebHost.StartAsync(Platform.Service.Url);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in _pages)
            await page.Context.DisposeAsync();
        await Host.DisposeAsync();
        await Platform.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<IPage> OpenAsync(WebHost? web = null, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await browser.OpenAsync((web ?? Host).Address, width, scheme);
        _pages.Add(page);
        page.PageError += (_, error) => _violations.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                _violations.Add(message.Text);
        };
        return page;
    }

    private protected async Task ExpectNoViolationsAsync(IPage page)
    {
        var result = await page.RunAxe();
        result
            .Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")
            .Should()
            .BeEmpty();
        _violations.Should().BeEmpty();
    }

    private protected static ILocator Table(IPage page, string what) =>
        page.GetByRole(AriaRole.Region, new() { Name = $"The {what} as a table" });

    private protected static async Task ExpectNoScrollAsync(IPage page) =>
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
            .Should()
            .BeLessThanOrEqualTo(0);
}
