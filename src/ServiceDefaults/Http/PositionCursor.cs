using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults;

/// <summary>
/// How far somebody has read a list whose rows have one rising number: the last row that was given out, with its identity, so that a
/// restored database is noticed.
/// </summary>
/// <param name="List">Which list it is of; a cursor of one is refused for another.</param>
/// <param name="Position">The last row's number; -1 before the first.</param>
/// <param name="Identity">What the last row is known by: visible ASCII, at most 255 characters; empty before the first.</param>
public sealed record PositionCursor(ushort List, long Position, string Identity)
{
    private const byte Version = 1;
    private const int Head = 1 + 2 + 8;

    /// <summary>The beginning of a list.</summary>
    public static PositionCursor Beginning(ushort list) => new(list, -1, "");

    /// <summary>Text for a query parameter.</summary>
    public override string ToString()
    {
        var bytes = new byte[Head + Identity.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), List);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(3), Position);
        Encoding.ASCII.GetBytes(Identity, bytes.AsSpan(Head));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads the parameter <c>after</c>; null gives the beginning.</summary>
    /// <exception cref="ProblemException">400: it is not a cursor, or one of another list.</exception>
    public static PositionCursor Read(string? text, ushort list)
    {
        if (text is null)
            return Beginning(list);
        if (Parse(text) is not { } cursor)
            throw new ProblemException(
                StatusCodes.Status400BadRequest,
                $"The parameter after is not a cursor; it must be what {Paging.NextAfterHeader} of an earlier page said."
            );
        if (cursor.List != list)
            throw new ProblemException(StatusCodes.Status400BadRequest, "The parameter after is a cursor of another list.");
        return cursor;
    }

    /// <summary>The reply to a cursor whose row is gone or another.</summary>
    public static ProblemException Gone() =>
        new(
            StatusCodes.Status410Gone,
            "The row that the cursor after names is not there any more, because the database was restored or reset: start over without it."
        );

    private static PositionCursor? Parse(string text)
    {
        if (text.Length > 400 || !Base64Url.IsValid(text))
            return null;
        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < Head || bytes[0] != Version || !Ascii.IsValid(bytes[Head..]))
            return null;
        var position = BinaryPrimitives.ReadInt64BigEndian(bytes[3..]);
        var identity = Encoding.ASCII.GetString(bytes[Head..]);
        return position < -1 || (position == -1) != (identity.Length == 0)
            ? null
            : new PositionCursor(BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]), position, identity);
    }
}
