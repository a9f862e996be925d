using System.Text;

namespace KafkaMySql;

/// <summary>
/// Extra headers as the log keeps them: for each, the name's length and UTF-8 bytes, then the value's, lengths as two bytes, low byte first.
/// </summary>
internal static class HeaderBlob
{
    /// <summary>The size of the column.</summary>
    public const int MaxBytes = 65_535;

    /// <summary>The blob; null when there are no headers.</summary>
    /// <exception cref="LogEventRefusedException">Together they are larger than the column.</exception>
    public static byte[]? Write(IReadOnlyList<KeyValuePair<string, byte[]>>? headers)
    {
        if (headers is null || headers.Count == 0)
            return null;
        var size = 0L;
        foreach (var (name, value) in headers)
            size += 4L + Encoding.UTF8.GetByteCount(name) + value.Length;
        if (size > MaxBytes)
            throw new LogEventRefusedException($"The headers take {size} bytes, at most {MaxBytes} fit.");

        var blob = new byte[size];
        var at = 0;
        foreach (var (name, value) in headers)
        {
            var length = Encoding.UTF8.GetBytes(name, blob.AsSpan(at + 2));
            at = Length(blob, at, length) + length;
            at = Length(blob, at, value.Length);
            value.CopyTo(blob, at);
            at += value.Length;
        }

        return blob;
    }

    public static IEnumerable<KeyValuePair<string, byte[]>> Read(byte[]? blob)
    {
        for (var at = 0; at < blob?.Length; )
        {
            var length = blob[at] | (blob[at + 1] << 8);
            var name = Encoding.UTF8.GetString(blob, at + 2, length);
            at += 2 + length;
            length = blob[at] | (blob[at + 1] << 8);
            yield return new(name, blob[(at + 2)..(at + 2 + length)]);
            at += 2 + length;
        }
    }

    private static int Length(byte[] blob, int at, int length)
    {
        blob[at] = (byte)length;
        blob[at + 1] = (byte)(length >> 8);
        return at + 2;
    }
}
