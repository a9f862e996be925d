using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hangfire.MySql.Engine;

/// <summary>Names an owner: random, above zero, never the same twice in practice.</summary>
internal static class Token
{
    public static long Next()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (BinaryPrimitives.ReadInt64LittleEndian(bytes) & long.MaxValue) | 1;
    }
}
