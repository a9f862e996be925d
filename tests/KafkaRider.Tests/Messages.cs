namespace KafkaRider.Tests;

public record ThingHappened
{
    public required int Number { get; init; }
    public string? Text { get; init; }
}

public abstract record MarketEvent;

public sealed record ListingPosted(int Id) : MarketEvent;

public sealed record BidPosted(int Id) : MarketEvent;

public sealed record SongPosted(int Id) : MarketEvent;
