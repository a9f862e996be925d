using System.Text.Json.Serialization;

namespace Web.Live;

/// <summary>How a service is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceState>))]
internal enum ServiceState
{
    /// <summary>Ready, and so is everything it needs.</summary>
    Up,

    /// <summary>It answers and says that something it needs is not well.</summary>
    Unready,

    /// <summary>It does not answer.</summary>
    Away,
}

/// <summary>How a service is, in a word and in a sentence.</summary>
internal sealed record ServiceReport(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("state")] ServiceState State,
    [property: JsonPropertyName("detail")] string Detail
);

/// <summary>The services as they were when last asked.</summary>
internal sealed class ServiceStates
{
    private volatile IReadOnlyList<ServiceReport> _latest = [];

    /// <summary>In the order an event meets them; empty before the first look.</summary>
    public IReadOnlyList<ServiceReport> Latest
    {
        get => _latest;
        set => _latest = value;
    }
}
