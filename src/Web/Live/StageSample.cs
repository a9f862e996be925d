using System.Text.Json.Serialization;

namespace Web.Live;

/// <summary>
/// How many events each station had seen at one moment; null where the station could not be asked. The first two count from the
/// Receivers' start, the others count all there are: only differences of the same station mean something.
/// </summary>
/// <param name="Id">The moment in milliseconds since 1970, which also orders samples over restarts of the gateway.</param>
internal sealed record StageSample(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("accepted")] long? Accepted,
    [property: JsonPropertyName("relayed")] long? Relayed,
    [property: JsonPropertyName("stored")] long? Stored,
    [property: JsonPropertyName("indexed")] long? Indexed,
    [property: JsonPropertyName("counted")] long? Counted
);
