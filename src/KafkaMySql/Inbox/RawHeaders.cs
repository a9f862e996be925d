using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;

namespace KafkaMySql;

/// <summary>Headers as bytes for a column: per header the name's length and bytes, then the value's, all lengths four bytes, big-endian, -1 for null.</summary>
internal static class RawHeaders
{
    public static byte[]? Write(Headers? headers)
    {
        if (headers is null || headers.Count == 0)
            return null;
        using var stream = new MemoryStream();
        foreach (var header in headers)
        {
            Write(stream, Encoding.UTF8.GetBytes(header.Key));
            Write(stream, header.GetValueBytes());
        }
        return stream.ToArray();
    }

    public static Headers? Read(byte[]? bytes)
    {
        if (bytes is null)
            return null;
        var headers = new Headers();
        var rest = bytes.AsSpan();
        while (!rest.IsEmpty)
        {
            var name = Take(ref rest) ?? throw new InvalidDataException("A stored header has no name.");
            headers.Add(Encoding.UTF8.GetString(name), Take(ref rest));
        }
        return headers;
    }

    private static void Write(MemoryStream stream, byte[]? bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes?.Length ?? -1);
        stream.Write(length);
        stream.Write(bytes);
    }

    private static byte[]? Take(ref Span<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[4..];
        if (length < 0)
            return null;
        var bytes = rest[..length].ToArray();
        rest = rest[length..];
        return bytes;
    }
}
