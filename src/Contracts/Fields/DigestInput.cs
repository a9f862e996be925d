using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Contracts.Fields;

/// <summary>
/// The bytes a digest is made of: every value with its width or length, so that no two lists of values look alike. Numbers are
/// little-endian.
/// </summary>
internal ref struct DigestInput(Span<byte> buffer)
{
    private const byte Absent = 0;
    private const byte Present = 1;

    private Span<byte> _buffer = buffer;
    private byte[]? _rented;
    private int _length;

    public void Add(long value)
    {
        var span = Take(9);
        span[0] = Present;
        BinaryPrimitives.WriteInt64LittleEndian(span[1..], value);
    }

    public void Add(double value) => Add(BitConverter.DoubleToInt64Bits(value));

    public void Add(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        var span = Take(5 + bytes);
        span[0] = Present;
        BinaryPrimitives.WriteInt32LittleEndian(span[1..], bytes);
        Encoding.UTF8.GetBytes(value, span[5..]);
    }

    public void AddAbsent() => Take(1)[0] = Absent;

    public void AddText(object? column)
    {
        if (column is null or DBNull)
            AddAbsent();
        else
            Add((string)column);
    }

    /// <summary>The digest of everything added. The input is spent after it.</summary>
    public ulong Hash()
    {
        var hash = XxHash3.HashToUInt64(_buffer[.._length]);
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
        return hash;
    }

    private Span<byte> Take(int bytes)
    {
        if (_length + bytes > _buffer.Length)
            Grow(_length + bytes);
        var span = _buffer.Slice(_length, bytes);
        _length += bytes;
        return span;
    }

    private void Grow(int atLeast)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(atLeast, 2 * _buffer.Length));
        _buffer[.._length].CopyTo(larger);
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _buffer = _rented = larger;
    }
}
