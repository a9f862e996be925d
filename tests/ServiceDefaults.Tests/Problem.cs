using System.Text.Json;

namespace ServiceDefaults.Tests;

/// <summary>Reads a problem document and insists on its exact shape.</summary>
internal static class Problem
{
    public static async Task<string> DetailAsync(HttpResponseMessage reply, int status, string title)
    {
        ((int)reply.StatusCode).Should().Be(status);
        reply.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        using var document = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        document
            .RootElement.EnumerateObject()
            .Select(property => property.Name)
            .Should()
            .BeEquivalentTo("type", "title", "detail", "status");
        document.RootElement.GetProperty("type").GetString().Should().Be("about:blank");
        document.RootElement.GetProperty("title").GetString().Should().Be(title);
        document.RootElement.GetProperty("status").GetInt32().Should().Be(status);
        return document.RootElement.GetProperty("detail").GetString()!;
    }
}
