using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Tests;

public sealed class ErrorReplyTests
{
    [Fact]
    public async Task A_fault_is_500_without_a_word_about_its_insides_and_is_logged()
    {
        await using var service = await SampleService.StartAsync(app =>
            app.MapGet("/broken", IResult () => throw new InvalidCastException("secret"))
        );

        var detail = await Problem.DetailAsync(await service.Main.GetAsync("/broken"), 500, "Internal Server Error");

        detail.Should().NotContain("secret");
        await service.App.DisposeAsync();
        (await File.ReadAllTextAsync(service.LogFile))
            .Should()
            .Contain(" - ERROR - GET /broken failed")
            .And.Contain("InvalidCastException: secret");
    }

    [Fact]
    public async Task A_problem_that_is_thrown_or_returned_has_its_status_detail_and_retry_after()
    {
        await using var service = await SampleService.StartAsync(app =>
        {
            app.MapGet("/thrown", IResult () => throw new ProblemException(503, "Not now.", TimeSpan.FromSeconds(1.2)));
            app.MapGet("/returned", () => Replies.Problem(410, "Gone for good."));
        });

        var thrown = await service.Main.GetAsync("/thrown");

        (await Problem.DetailAsync(thrown, 503, "Service Unavailable")).Should().Be("Not now.");
        thrown.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(2));
        (await Problem.DetailAsync(await service.Main.GetAsync("/returned"), 410, "Gone")).Should().Be("Gone for good.");
    }

    [Fact]
    public async Task A_domain_error_has_one_key()
    {
        await using var service = await SampleService.StartAsync(app =>
            app.MapGet("/none", () => Replies.Message(404, "No message at index 7!"))
        );

        var reply = await service.Main.GetAsync("/none");

        reply.StatusCode.Should().Be(HttpStatusCode.NotFound);
        reply.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        (await reply.Content.ReadAsStringAsync()).Should().Be("""{"message":"No message at index 7!"}""");
    }

    [Fact]
    public async Task A_query_parameter_that_does_not_parse_is_a_problem_document()
    {
        await using var service = await SampleService.StartAsync(app => app.MapGet("/things", (int limit) => limit));

        await Problem.DetailAsync(await service.Main.GetAsync("/things?limit=many"), 400, "Bad Request");
        (await Problem.DetailAsync(await service.Main.GetAsync("/things"), 400, "Bad Request")).Should().Contain("limit");
    }

    [Fact]
    public async Task A_fault_in_the_middle_of_a_streamed_reply_cuts_it_off()
    {
        await using var service = await SampleService.StartAsync(app =>
            app.MapGet(
                "/half",
                async (HttpContext context) =>
                {
                    await context.Response.WriteAsync("[1,2,");
                    await context.Response.Body.FlushAsync();
                    throw new InvalidOperationException("the database went away");
                }
            )
        );

        await service.Main.Invoking(client => client.GetStringAsync("/half")).Should().ThrowAsync<HttpRequestException>();
    }
}
