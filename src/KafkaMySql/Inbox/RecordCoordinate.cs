using System.Buffers.Text;
using Confluent.Kafka;

namespace KafkaMySql;

/// <summary>A record's place in the log, read from its headers; without a whole set of them it is foreign.</summary>
/// <param name="Origin">Whose record it is.</param>
/// <param name="Seq">Its row in the log.</param>
/// <param name="After">The row it stands behind.</param>
/// <param name="Expired">The last row before it that the log no longer has; 0 when it has them all.</param>
internal readonly record struct RecordCoordinate(RecordOrigin Origin, ulong Seq, ulong After, ulong Expired)
{
    /// <summary>The coordinate of a record of nobody's log.</summary>
    public static readonly RecordCoordinate Foreign = new(RecordOrigin.Foreign, 0, 0, 0);

    /// <summary>Reads the headers; <paramref name="log"/> is the name of the log that is read.</summary>
    public static RecordCoordinate Read(Headers? headers, ReadOnlySpan<byte> log)
    {
        if (headers is null || headers.Count < 3)
            return Foreign;
        var sameLog = false;
        var repair = false;
        ulong? seq = null;
        ulong? after = null;
        ulong? expired = null;
        // A header that stands twice counts as it stands last, as everywhere in Kafka.
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            switch (header.Key)
            {
                case LogHeaders.Log:
                    sameLog = log.SequenceEqual(header.GetValueBytes());
                    break;
                case LogHeaders.Seq:
                    seq = Number(header.GetValueBytes());
                    break;
                case LogHeaders.After:
                    after = Number(header.GetValueBytes());
                    break;
                case LogHeaders.Repair:
                    repair = header.GetValueBytes() is [(byte)'1'];
                    break;
                case LogHeaders.Expired:
                    expired = Number(header.GetValueBytes());
                    break;
            }
        }
        // A row stands behind its predecessor; headers that say otherwise were not written by a relay.
        return sameLog && seq is { } s && after is { } a && a < s
            ? new(repair ? RecordOrigin.Repair : RecordOrigin.Own, s, a, expired ?? 0)
            : Foreign;
    }

    private static ulong? Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out ulong number, out var used) && used == text.Length ? number : null;
}
