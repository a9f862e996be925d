using System.Text.Json.Serialization;

namespace Processing.Statistics;

/// <summary>What counting anew gave for one type.</summary>
/// <param name="Type">The type's name.</param>
/// <param name="Before">How many were counted before; null when none were.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Equal">Whether count, sums and maxima were the same.</param>
internal sealed record RecomputedType(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("before")] long? Before,
    [property: JsonPropertyName("count")] long Count,
    [property: JsonPropertyName("equal")] bool Equal
);
