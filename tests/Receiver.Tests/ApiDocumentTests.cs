using System.Text.Json;

namespace Receiver.Tests;

public sealed class ApiDocumentTests(ReceiverHost receiver) : IClassFixture<ReceiverHost>
{
    [Fact]
    public async Task It_describes_the_bodies_by_the_catalogs_rules()
    {
        using var document = JsonDocument.Parse(
            await receiver.Client.GetStringAsync("/receiver/openapi.json", TestContext.Current.CancellationToken)
        );
        document.RootElement.GetProperty("openapi").GetString().Should().StartWith("3.1");
        var post = document.RootElement.GetProperty("paths").GetProperty("/site/listings").GetProperty("post");
        post.GetProperty("responses")
            .EnumerateObject()
            .Select(reply => reply.Name)
            .Should()
            .Contain(["201", "400", "413", "415", "422", "429", "503"]);
        var schema = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        schema
            .GetProperty("required")
            .EnumerateArray()
            .Select(name => name.GetString())
            .Should()
            .BeEquivalentTo("listing_id", "listing_price", "listing_type", "listing_status", "listing_contact");
        var fields = schema.GetProperty("properties");
        fields.GetProperty("listing_type").GetProperty("maxLength").GetInt32().Should().Be(50);
        fields.GetProperty("listing_status").GetProperty("enum").GetArrayLength().Should().Be(3);
        fields.GetProperty("listing_price").GetProperty("minimum").GetInt32().Should().Be(0);
        fields.GetProperty("listing_post").GetProperty("format").GetString().Should().Be("date-time");
        document
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .Select(path => path.Name)
            .Should()
            .Contain(["/site/bids", "/site/events"]);
    }

    [Theory]
    [InlineData("/receiver/ui/")]
    [InlineData("/ui/")]
    public async Task It_has_a_page(string path) =>
        (await receiver.Client.GetAsync(path, TestContext.Current.CancellationToken)).IsSuccessStatusCode.Should().BeTrue();
}
