namespace KafkaMySql;

/// <summary>What the log must know of a message beside its bytes.</summary>
/// <param name="TypeId">The number of the event's type in the catalog.</param>
/// <param name="TraceId">The event's identity; at most 36 ASCII characters.</param>
/// <param name="Digest">Digest of the event's typed fields.</param>
public readonly record struct EventDescription(ushort TypeId, string TraceId, ulong Digest);
