using System.Net;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults;
using TestSupport;
using static TestSupport.StoredRows;

namespace Processing.Tests;

/// <summary>The job that counts, its watch and its page.</summary>
public sealed class JobTests(MariaDbFixture fixture)
{
    [Fact]
    public async Task The_job_counts_by_itself_and_is_scheduled_again_when_it_was_given_up()
    {
        await using var storage = await StorageProcess.StartAsync(fixture.Server);
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, storage.Url, "scheduler:interval=1");
        await storage.Rows.AddAsync(0, Listing(10), Bid(20));
        await CountedAsync(processing, 1);

        // What the scheduler does after repeated trouble.
        using (var connection = processing.App.Services.GetRequiredService<JobStorage>().GetConnection())
        {
            connection.SetRangeInHash("recurring-job:statistics-RealEstate", [new("NextExecution", "")]);
            using var transaction = connection.CreateWriteTransaction();
            transaction.RemoveFromSet("recurring-jobs", "statistics-RealEstate");
            transaction.Commit();
        }
        await storage.Rows.AddAsync(0, Listing(11));

        await CountedAsync(processing, 2);
    }

    [Theory]
    [InlineData("/processing/hangfire")]
    [InlineData("/processing/hangfire/recurring?from=0&count=10")]
    [InlineData("/hangfire")]
    public async Task The_page_of_the_jobs_answers_with_and_without_the_base_path(string path)
    {
        await using var processing = await ProcessingHost.StartAsync(fixture.Server, "http://127.0.0.1:1/storage");

        using var page = await processing.Client.GetAsync(path);

        page.StatusCode.Should().Be(HttpStatusCode.OK);
        var prefix = path.StartsWith("/processing", StringComparison.Ordinal) ? "/processing/hangfire" : "/hangfire";
        (await page.Content.ReadAsStringAsync()).Should().Contain($"\"{prefix}/recurring\"");
    }

    [Theory]
    [InlineData("192.0.2.7", false, HttpStatusCode.Unauthorized)]
    [InlineData("127.0.0.1, 192.0.2.7", false, HttpStatusCode.Unauthorized)]
    [InlineData("127.0.0.1", false, HttpStatusCode.OK)]
    [InlineData("192.0.2.7", true, HttpStatusCode.OK)]
    public async Task Others_see_it_only_when_a_setting_says_so_also_through_a_gateway_on_this_machine(
        string forwardedFor,
        bool allowed,
        HttpStatusCode status
    )
    {
        await using var processing = await ProcessingHost.StartAsync(
            fixture.Server,
            "http://127.0.0.1:1/storage",
            "scheduler:interval=0",
            $"Hangfire:AllowRemote={allowed}"
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/processing/hangfire")
        {
            Headers = { { "X-Forwarded-For", forwardedFor } },
        };

        (await processing.Client.SendAsync(request)).StatusCode.Should().Be(status);
    }

    [Theory]
    [InlineData("cross-site", null, HttpStatusCode.Unauthorized)]
    [InlineData(null, "http://elsewhere.example", HttpStatusCode.Unauthorized)]
    [InlineData("same-origin", null, HttpStatusCode.NoContent)]
    public async Task Its_buttons_work_on_the_page_itself_alone(string? site, string? origin, HttpStatusCode status)
    {
        await using var processing = await ProcessingHost.StartAsync(
            fixture.Server,
            "http://127.0.0.1:1/storage",
            "scheduler:interval=60m"
        );
        await ScheduledAsync(processing);
        using var press = new HttpRequestMessage(HttpMethod.Post, "/processing/hangfire/recurring/trigger")
        {
            Content = new FormUrlEncodedContent([new("jobs[]", "statistics-RealEstate")]),
        };
        if (site is not null)
            press.Headers.Add("Sec-Fetch-Site", site);
        if (origin is not null)
            press.Headers.Add("Origin", origin);

        (await processing.Client.SendAsync(press)).StatusCode.Should().Be(status);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("90s")]
    [InlineData("61m")]
    [InlineData("-10")]
    [InlineData("10x")]
    [InlineData("1h")]
    public async Task An_interval_that_no_clock_face_has_stops_the_start(string interval)
    {
        var start = () =>
            ProcessingHost.StartOnAsync("Server=127.0.0.1;User ID=x", "http://127.0.0.1:1/storage", $"scheduler:interval={interval}");

        (await start.Should().ThrowAsync<SettingException>()).WithMessage($"Setting scheduler:interval is '{interval}': it must be *");
    }

    [Theory]
    [InlineData("anyone:right:one", HttpStatusCode.OK, HttpStatusCode.NoContent)]
    [InlineData(":right:one", HttpStatusCode.OK, HttpStatusCode.NoContent)]
    [InlineData("anyone:wrong", HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData("right:one", HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    public async Task From_elsewhere_it_is_used_with_the_password(string? credentials, HttpStatusCode seen, HttpStatusCode pressed)
    {
        await using var processing = await ProcessingHost.StartAsync(
            fixture.Server,
            "http://127.0.0.1:1/storage",
            "scheduler:interval=60m",
            "Hangfire:Password=right:one"
        );
        await ScheduledAsync(processing);

        using var page = await processing.Client.SendAsync(FromElsewhere(HttpMethod.Get, "/processing/hangfire", credentials));
        using var press = await processing.Client.SendAsync(Press(credentials));

        page.StatusCode.Should().Be(seen);
        page.Headers.WwwAuthenticate.Count.Should().Be(seen is HttpStatusCode.Unauthorized ? 1 : 0, "a browser asks for the password then");
        press.StatusCode.Should().Be(pressed);
    }

    [Fact]
    public async Task Shown_to_others_it_has_no_buttons_and_does_nothing_for_them()
    {
        await using var processing = await ProcessingHost.StartAsync(
            fixture.Server,
            "http://127.0.0.1:1/storage",
            "scheduler:interval=60m",
            "Hangfire:AllowRemote=true"
        );
        await ScheduledAsync(processing);

        using var page = await processing.Client.SendAsync(FromElsewhere(HttpMethod.Get, "/processing/hangfire/recurring", null));
        using var press = await processing.Client.SendAsync(Press(null));

        (await page.Content.ReadAsStringAsync()).Should().Contain("statistics-RealEstate").And.NotContain("recurring/trigger");
        press.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await processing.Client.GetStringAsync("/processing/hangfire/recurring")).Should().Contain("recurring/trigger");
    }

    private static HttpRequestMessage FromElsewhere(HttpMethod method, string path, string? credentials)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { { "X-Forwarded-For", "192.0.2.7" } } };
        if (credentials is not null)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(credentials)));
        return request;
    }

    private static HttpRequestMessage Press(string? credentials)
    {
        var request = FromElsewhere(HttpMethod.Post, "/processing/hangfire/recurring/trigger", credentials);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Content = new FormUrlEncodedContent([new("jobs[]", "statistics-RealEstate")]);
        return request;
    }

    private static Task ScheduledAsync(ProcessingHost processing) =>
        Eventually.HoldsAsync(
            async () =>
                (await processing.Client.GetStringAsync("/processing/hangfire/recurring")).Contains(
                    "statistics-RealEstate",
                    StringComparison.Ordinal
                ),
            "the job is there"
        );

    private static Task CountedAsync(ProcessingHost processing, long listings) =>
        Eventually.HoldsAsync(async () => (await processing.StatsAsync()).Listings == listings, $"{listings} listings are counted");
}
