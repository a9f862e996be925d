using System.Runtime.InteropServices;

namespace KafkaMySql;

/// <summary>An idempotency key's digest as a dictionary key.</summary>
internal readonly record struct IdempotencyId(ulong A, ulong B, ulong C, ulong D)
{
    public const int Bytes = 32;

    public static IdempotencyId Of(ReadOnlySpan<byte> digest) => MemoryMarshal.Read<IdempotencyId>(digest);
}
