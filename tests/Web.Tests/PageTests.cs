using System.Net;
using ServiceDefaults;
using Web.Pages;

namespace Web.Tests;

/// <summary>Contract section 13: what the served page is before any script has run, and how it travels.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private WebHost _web = null!;

    public async ValueTask InitializeAsync() => _web = await WebHost.StartAsync(new Uri("http://127.0.0.1:1"));

    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task The_html_carries_title_and_heading()
    {
        var page = await _web.Client.GetStringAsync("/");

        page.Should().Contain("<title>Real Estate Corp.</title>").And.Contain("<h1>Dashboard</h1>");
    }

    [Theory]
    [InlineData("span", "last-updated-value")]
    [InlineData("pre", "processing-stats")]
    [InlineData("pre", "analyzer-stats")]
    [InlineData("pre", "event-listings")]
    [InlineData("pre", "event-bids")]
    [InlineData("input", "index")]
    [InlineData("div", "consistency-results")]
    [InlineData("div", "missing-db")]
    [InlineData("div", "missing-queue")]
    [InlineData("form", "consistency-form")]
    [InlineData("button", "run-check")]
    [InlineData("div", "messages")]
    public async Task The_html_carries_the_contracts_element(string element, string id)
    {
        var page = await _web.Client.GetStringAsync("/");

        page.Should().MatchRegex($"<{element} [^>]*\\bid=\"{id}\"");
        page.Split($"id=\"{id}\"").Should().HaveCount(2, "an id stands once");
    }

    [Fact]
    public async Task Every_address_in_it_is_relative()
    {
        var page = await _web.Client.GetStringAsync("/");

        page.Should().NotMatchRegex("(src|href|action)=\"(/|https?:)");
    }

    [Fact]
    public async Task Nothing_in_it_is_code_but_its_own_files()
    {
        using var reply = await _web.Client.GetAsync("/");
        var page = await reply.Content.ReadAsStringAsync();
        var policy = reply.Headers.GetValues("Content-Security-Policy").Single();

        policy.Should().Contain("default-src 'none'").And.Contain("script-src 'self'").And.Contain("frame-ancestors 'none'");
        policy.Should().NotContain("unsafe").And.NotContain("*").And.NotContain("http");
        page.Should().NotMatchRegex("<script>|<script [^>]*>[^<]|<style|\\sstyle=|\\son[a-z]+=\"|javascript:");
        reply.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
    }

    [Fact]
    public void All_of_it_is_at_most_80_kilobytes_compressed()
    {
        var files = new DashboardFiles(new EnabledSystems(RealEstate: true, Runify: true));

        files.All.Keys.Should().Contain("index.html").And.Contain(name => name.EndsWith(".js")).And.Contain(name => name.EndsWith(".css"));
        files.All.Values.Sum(file => file.CompressedLength).Should().BeLessThanOrEqualTo(80 * 1024);
    }

    [Fact]
    public async Task Files_travel_compressed_and_those_with_a_hash_are_kept_for_good()
    {
        var page = await _web.Client.GetStringAsync("/");
        var script = page.Split("src=\"./")[^1].Split('"')[0];
        using var request = new HttpRequestMessage(HttpMethod.Get, script);
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");

        using var reply = await _web.Client.SendAsync(request);

        script.Should().StartWith("assets/");
        reply.Content.Headers.ContentEncoding.Should().Equal("gzip");
        reply.Content.Headers.ContentType!.MediaType.Should().Be("text/javascript");
        reply.Headers.CacheControl!.ToString().Should().Contain("immutable");
    }

    [Fact]
    public async Task The_page_itself_is_asked_for_again_and_not_sent_again()
    {
        using var first = await _web.Client.GetAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/index.html");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await _web.Client.SendAsync(request);

        first.Headers.CacheControl!.NoCache.Should().BeTrue();
        second.StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("RealEstate", "real-estate")]
    [InlineData("RealEstate,Runify", "real-estate runify")]
    public async Task The_page_knows_which_systems_are_on(string setting, string systems)
    {
        await using var web = await WebHost.StartAsync(new Uri("http://127.0.0.1:1"), $"Systems={setting}");

        (await web.Client.GetStringAsync("/")).Should().Contain($"data-systems=\"{systems}\"");
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/assets/nothing.js")]
    [InlineData("/assets/../Program.cs")]
    public async Task What_is_not_there_is_a_problem_document(string path)
    {
        using var reply = await _web.Client.GetAsync(new Uri(path, UriKind.Relative));

        reply.StatusCode.Should().Be(HttpStatusCode.NotFound);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task Health_metrics_and_documentation_are_those_of_every_service()
    {
        (await _web.Client.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _web.Client.GetStringAsync("/metrics")).Should().Contain("dotnet_");
        (await _web.Client.GetStringAsync("/openapi.json")).Should().Contain("\"openapi\"").And.Contain("/dashboard/figures");
        (await _web.Client.GetAsync("/ui/")).StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
