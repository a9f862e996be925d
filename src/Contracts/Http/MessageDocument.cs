using System.Text.Json.Serialization;

namespace Contracts.Http;

/// <summary>An error that belongs to the domain, <c>application/json</c>: one key.</summary>
/// <param name="Message">What happened, for a reader.</param>
public sealed record MessageDocument([property: JsonPropertyName("message")] string Message)
{
    /// <summary>An event could not be made durable.</summary>
    public static MessageDocument NotSent { get; } = new("Failed to send event.");
}
