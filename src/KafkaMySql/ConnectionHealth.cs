namespace KafkaMySql;

/// <summary>What a connection is doing, for health pages.</summary>
/// <param name="IsOpen">It can be used now.</param>
/// <param name="DownSince">Since when it is not open; null while it is, or before the first try ended.</param>
/// <param name="Reason">Why it is not open.</param>
internal sealed record ConnectionHealth(bool IsOpen, DateTimeOffset? DownSince, string? Reason);
