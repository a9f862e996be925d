using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>The dashboard for everybody: by axe's rules, in both themes, on a narrow screen, by keyboard and without motion.</summary>
public sealed class AccessibilityTests(BrowserFixture browser) : BrowserTests(browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Nothing_keeps_anybody_out_and_nothing_sticks_out(ColorScheme scheme, int width)
    {
        for (var i = 0; i < 20; i++)
            Platform.Add(
                i % 2 == 0 ? "listings" : "bids",
                100_000 + i,
                i == 4 ? 12 : 1_000 + i * 37_000,
                "A_very_long_word_without_any_break_in_it",
                DateTimeOffset.UtcNow.AddSeconds(i - 30)
            );
        var lost = Platform.Add("listings", 5, 5000);
        Platform.Lose("listings", 5, lost);
        var page = await OpenAsync(width: width, scheme: scheme);
        await page.Locator("#run-check").ClickAsync();
        await Expect(page.Locator("#missing-db")).ToContainTextAsync(lost);
        await Expect(page.Locator(".uplot").Last).ToBeVisibleAsync();
        foreach (var table in await page.GetByText("Show as a table").AllAsync())
            await table.ClickAsync();

        await ExpectNoViolationsAsync(page);
        await ExpectNoScrollAsync(page);

        Platform.Away["analyzer"] = true;
        await Expect(page.Locator("section", new() { Has = page.Locator("#analyzer-stats") })).ToContainTextAsync("Stale");
        await ExpectNoViolationsAsync(page);
        Platform.Away.Clear();

        await page.EvaluateAsync($"() => {{ location.hash = '#/events/{lost}' }}");
        await Expect(page.Locator(".way")).ToBeVisibleAsync();
        await ExpectNoViolationsAsync(page);
        await ExpectNoScrollAsync(page);
    }

    [Fact]
    public async Task Everything_is_reached_by_keyboard()
    {
        var page = await OpenAsync();
        var reached = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>("() => document.activeElement.id || document.activeElement.textContent"));
        }

        reached.Should().Contain(["Skip to the content", "Pause", "run-check", "index", "trace", "Find event"]);
    }

    [Fact]
    public async Task Nothing_moves_for_those_who_asked_for_that()
    {
        var page = await OpenAsync();
        await Expect(page.Locator(".badge.live")).ToBeVisibleAsync();
        var moving = () => page.EvaluateAsync<int>("() => document.getAnimations().length");
        (await moving()).Should().BePositive("the badge breathes");

        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });

        (await moving()).Should().Be(0);
    }
}
