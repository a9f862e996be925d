using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Storage.Reading;

/// <summary>
/// How far somebody has read a list: in every partition the last row that was given out, with its trace id. Numbers, not times, so that
/// nothing is lost when the database's clock steps back; the trace id, so that a restored database is noticed.
/// </summary>
/// <param name="TypeId">The type of the list.</param>
/// <param name="Start">Rows stored before this are not part of the list.</param>
/// <param name="Last">The last row of each partition that has one.</param>
internal sealed record ListCursor(ushort TypeId, DateTime Start, IReadOnlyDictionary<int, (long RowNo, string TraceId)> Last)
{
    private const byte Version = 1;
    private const int Head = 1 + 2 + 8;
    private const int MaxLength = 64 * 1024;

    /// <summary>The beginning of a list.</summary>
    public static ListCursor Beginning(ushort typeId, DateTime start) => new(typeId, start, new Dictionary<int, (long, string)>());

    /// <summary>The same after <paramref name="rows"/> were given out.</summary>
    public ListCursor After(IEnumerable<RowPosition> rows)
    {
        var last = new Dictionary<int, (long, string)>(Last);
        foreach (var row in rows)
            last[row.Partition] = (row.RowNo, row.TraceId);
        return this with { Last = last };
    }

    /// <summary>The rows themselves, for readers: <c>0=123,2=45</c>, partition and row number.</summary>
    public string Rows() =>
        string.Join(
            ',',
            Last.OrderBy(pair => pair.Key).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value.RowNo}"))
        );

    /// <summary>Text for a query parameter.</summary>
    public override string ToString()
    {
        using var bytes = new MemoryStream();
        Span<byte> head = stackalloc byte[Head];
        head[0] = Version;
        BinaryPrimitives.WriteUInt16BigEndian(head[1..], TypeId);
        BinaryPrimitives.WriteInt64BigEndian(head[3..], Start.Ticks);
        bytes.Write(head);
        Span<byte> entry = stackalloc byte[11];
        foreach (var (partition, (rowNo, traceId)) in Last.OrderBy(pair => pair.Key))
        {
            BinaryPrimitives.WriteUInt16BigEndian(entry, (ushort)partition);
            BinaryPrimitives.WriteInt64BigEndian(entry[2..], rowNo);
            entry[10] = (byte)traceId.Length;
            bytes.Write(entry);
            bytes.Write(Encoding.ASCII.GetBytes(traceId));
        }
        return Base64Url.EncodeToString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListCursor? cursor)
    {
        cursor = null;
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
            return false;
        ReadOnlySpan<byte> rest = Base64Url.DecodeFromChars(text);
        if (rest.Length < Head || rest[0] != Version)
            return false;
        var typeId = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
        var ticks = BinaryPrimitives.ReadInt64BigEndian(rest[3..]);
        if (ticks < DateTime.UnixEpoch.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        var last = new Dictionary<int, (long, string)>();
        for (rest = rest[Head..]; !rest.IsEmpty; )
        {
            if (rest.Length < 11 || rest.Length < 11 + rest[10])
                return false;
            var id = rest.Slice(11, rest[10]);
            if (
                !Ascii.IsValid(id)
                || !last.TryAdd(
                    BinaryPrimitives.ReadUInt16BigEndian(rest),
                    (BinaryPrimitives.ReadInt64BigEndian(rest[2..]), Encoding.ASCII.GetString(id))
                )
            )
                return false;
            rest = rest[(11 + id.Length)..];
        }
        cursor = new ListCursor(typeId, new DateTime(ticks, DateTimeKind.Utc), last);
        return true;
    }
}
