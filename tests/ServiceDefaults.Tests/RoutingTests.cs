using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ServiceDefaults.Tests;

public sealed class RoutingTests
{
    [Theory]
    [InlineData("/site/things")]
    [InlineData("/site/things/")]
    [InlineData("/sample/site/things")]
    [InlineData("/sample/site/things/")]
    public async Task A_route_answers_with_and_without_its_base_path_and_with_a_trailing_slash(string path)
    {
        await using var service = await SampleService.StartAsync(app => app.MapGet("/site/things", () => "things"));

        (await service.Main.GetStringAsync(path)).Should().Be("things");
    }

    [Fact]
    public async Task A_route_of_the_base_paths_own_name_answers_in_both_forms()
    {
        await using var service = await SampleService.StartAsync(app => app.MapGet("/other", () => "status").OnListener("second"));

        (await service.Second.GetStringAsync("/other")).Should().Be("status");
        (await service.Second.GetStringAsync("/other/other")).Should().Be("status");
        (await service.Second.GetStringAsync("/other/")).Should().Be("status");
    }

    [Fact]
    public async Task Two_listeners_answer_the_same_short_path_differently()
    {
        await using var service = await SampleService.StartAsync(app =>
        {
            app.MapGet("/stats", () => "first").OnListener("main");
            app.MapGet("/stats", () => "second").OnListener("second");
            app.MapGet("/common", () => "common");
        });

        (await service.Main.GetStringAsync("/stats")).Should().Be("first");
        (await service.Main.GetStringAsync("/sample/stats")).Should().Be("first");
        (await service.Second.GetStringAsync("/stats")).Should().Be("second");
        (await service.Second.GetStringAsync("/other/stats")).Should().Be("second");
        (await service.Second.GetStringAsync("/common")).Should().Be("common");
        (await service.Second.GetAsync("/sample/stats")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Each_listener_documents_its_own_routes_under_its_own_base_path()
    {
        await using var service = await SampleService.StartAsync(app =>
        {
            app.MapGet("/stats", () => "first").OnListener("main").WithSummary("of the first");
            app.MapGet("/stats", () => "second").OnListener("second").WithSummary("of the second");
            app.MapGet("/common", () => "common");
        });

        (await DocumentedAsync(service.Main)).Should().Be(("/sample", "/common, /stats", "of the first"));
        (await DocumentedAsync(service.Second)).Should().Be(("/other", "/common, /stats", "of the second"));

        static async Task<(string? Server, string Paths, string? Summary)> DocumentedAsync(HttpClient client)
        {
            using var document = JsonDocument.Parse(await client.GetStringAsync("/openapi.json"));
            var paths = document.RootElement.GetProperty("paths");
            return (
                document.RootElement.GetProperty("servers")[0].GetProperty("url").GetString(),
                string.Join(", ", paths.EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal)),
                paths.GetProperty("/stats").GetProperty("get").GetProperty("summary").GetString()
            );
        }
    }

    [Fact]
    public async Task Two_names_of_a_service_answer_the_same_path_differently()
    {
        await using var service = await SampleService.StartAsync(app =>
        {
            app.MapGet("/list", () => "first").UnderBasePath("/sample");
            app.MapGet("/list", () => "second").UnderBasePath("/second");
            app.MapGet("/list", () => "short").UnderBasePath(BasePathRouting.None);
            app.MapPut("/update", () => "updated").UnderBasePath("/sample");
        });

        (await service.Main.GetStringAsync("/sample/list")).Should().Be("first");
        (await service.Main.GetStringAsync("/second/list")).Should().Be("second");
        (await service.Main.GetStringAsync("/SECOND/list/")).Should().Be("second");
        (await service.Main.GetStringAsync("/list")).Should().Be("short");
        (await service.Main.PutAsync("/second/update", null)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_second_name_is_there_only_with_its_system()
    {
        await using var service = await SampleService.StartAsync(app => app.MapGet("/list", () => "list"), null, "Systems=real_estate");

        (await service.Main.GetStringAsync("/sample/list")).Should().Be("list");
        (await service.Main.GetAsync("/second/list")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_route_of_another_listener_does_not_turn_404_into_405()
    {
        await using var service = await SampleService.StartAsync(app => app.MapPost("/things", () => "made").OnListener("second"));

        await Problem.DetailAsync(await service.Main.PostAsync("/things", null), 404, "Not Found");
    }

    [Fact]
    public async Task An_unknown_path_is_404_and_names_the_path()
    {
        await using var service = await SampleService.StartAsync();

        (await Problem.DetailAsync(await service.Main.GetAsync("/sample/nothing"), 404, "Not Found")).Should().Contain("/sample/nothing");
    }

    [Fact]
    public async Task A_wrong_method_is_405_and_says_which_is_right()
    {
        await using var service = await SampleService.StartAsync(app => app.MapGet("/things", () => "things"));

        var reply = await service.Main.DeleteAsync("/things");

        await Problem.DetailAsync(reply, 405, "Method Not Allowed");
        reply.Content.Headers.Allow.Should().Equal("GET");
    }

    [Theory]
    [InlineData("?limit=5&color=red", "color")]
    [InlineData("?color=red&taste=good", "color, taste")]
    [InlineData("?Limit=5", "Limit")]
    public async Task Unknown_query_parameters_are_refused_by_name(string query, string named)
    {
        await using var service = await SampleService.StartAsync(app =>
            app.MapGet("/things", (int? limit, [FromQuery(Name = "start_timestamp")] string? start) => "things")
        );

        var detail = await Problem.DetailAsync(await service.Main.GetAsync("/things" + query), 400, "Bad Request");

        detail.Should().EndWith($": {named}.");
        (await service.Main.GetStringAsync("/things?limit=5&start_timestamp=x")).Should().Be("things");
    }

    [Fact]
    public async Task A_handler_that_reads_the_request_itself_names_its_query_parameters()
    {
        await using var service = await SampleService.StartAsync(app =>
        {
            app.MapGet("/plain", (HttpContext context) => context.Response.WriteAsync("plain"));
            app.MapGet("/named", (HttpContext context) => context.Response.WriteAsync("named")).AcceptsQuery("a", "b");
            app.MapGet("/any", (HttpContext context) => context.Response.WriteAsync("any")).AcceptsAnyQuery();
        });

        (await service.Main.GetAsync("/plain?a=1")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await service.Main.GetStringAsync("/named?a=1&b=2")).Should().Be("named");
        (await service.Main.GetAsync("/named?c=1")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await service.Main.GetStringAsync("/any?x=1")).Should().Be("any");
    }

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("Application/JSON", 200)]
    [InlineData(null, 200)]
    [InlineData("text/plain", 415)]
    [InlineData("application/jsonx", 415)]
    [InlineData("rubbish", 415)]
    public async Task A_body_is_json_or_has_no_content_type(string? contentType, int status)
    {
        await using var service = await SampleService.StartAsync(app => app.MapPost("/things", () => "made").AcceptsJson());
        using var content = new ByteArrayContent("{}"u8.ToArray());
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var reply = await service.Main.PostAsync("/sample/things", content);

        if (status == 200)
            reply.StatusCode.Should().Be(HttpStatusCode.OK);
        else
            (await Problem.DetailAsync(reply, 415, "Unsupported Media Type")).Should().Contain(contentType);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413()
    {
        await using var service = await SampleService.StartAsync(app =>
            app.MapPost("/things", async (HttpRequest request) => (await new StreamReader(request.Body).ReadToEndAsync()).Length)
                .WithMetadata(new RequestSizeLimitAttribute(1000))
                .AcceptsJson()
        );
        using var fits = new StringContent(new string('x', 1000), Encoding.UTF8, "application/json");
        using var tooLarge = new StringContent(new string('x', 1001), Encoding.UTF8, "application/json");

        (await service.Main.PostAsync("/things", fits)).StatusCode.Should().Be(HttpStatusCode.OK);
        await Problem.DetailAsync(await service.Main.PostAsync("/things", tooLarge), 413, "Payload Too Large");
    }
}
