using System.Text.Json.Serialization;

namespace Contracts.Http;

/// <summary>An error raised by validation or a fault, <c>application/problem+json</c>: exactly these four keys.</summary>
/// <param name="Type">Always <c>about:blank</c>.</param>
/// <param name="Title">The status in words, such as <c>Bad Request</c>.</param>
/// <param name="Detail">What is wrong, naming the field.</param>
/// <param name="Status">The HTTP status.</param>
public sealed record ProblemDocument(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("detail")] string Detail,
    [property: JsonPropertyName("status")] int Status
)
{
    /// <summary>The media type of a problem document.</summary>
    public const string ContentType = "application/problem+json";
}
