using System.Text.Json.Serialization;

namespace Consistency.Status;

/// <summary>What the four services said, each in the contract's words.</summary>
internal sealed record PlatformStatus(
    [property: JsonPropertyName("receiver")] string Receiver,
    [property: JsonPropertyName("storage")] string Storage,
    [property: JsonPropertyName("processing")] string Processing,
    [property: JsonPropertyName("analyzer")] string Analyzer
);
