using System.Text;

namespace Contracts;

/// <summary>
/// Reads date-times as clients and both systems write them: <c>2025-01-07T12:47:00.123456Z</c> or with a blank for the <c>T</c>; seconds,
/// fraction and zone may be missing; a zone is <c>Z</c>, <c>+02:00</c>, <c>+0200</c> or <c>+02</c>; no zone means UTC. A date alone is none.
/// </summary>
public static class Iso8601
{
    /// <summary>The longest text that is looked at.</summary>
    private const int MaxLength = 64;

    /// <summary>Reads <paramref name="text"/> as an instant in UTC, to the tick; digits beyond are cut.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTime utc)
    {
        Span<byte> ascii = stackalloc byte[MaxLength];
        utc = default;
        return text.Length <= MaxLength
            && Ascii.FromUtf16(text, ascii, out var written) == System.Buffers.OperationStatus.Done
            && TryParse(ascii[..written], out utc);
    }

    /// <summary>Reads <paramref name="text"/>, UTF-8, as an instant in UTC, to the tick; digits beyond are cut.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTime utc)
    {
        utc = default;
        if (text.Length > MaxLength)
            return false;
        var rest = text;
        if (
            !Number(ref rest, 4, out var year)
            || !Skip(ref rest, (byte)'-')
            || !Number(ref rest, 2, out var month)
            || !Skip(ref rest, (byte)'-')
            || !Number(ref rest, 2, out var day)
            || !Separator(ref rest)
            || !Number(ref rest, 2, out var hour)
            || !Skip(ref rest, (byte)':')
            || !Number(ref rest, 2, out var minute)
        )
            return false;

        var second = 0;
        long fraction = 0;
        if (Skip(ref rest, (byte)':') && (!Number(ref rest, 2, out second) || !Fraction(ref rest, out fraction)))
            return false;
        if (!Offset(ref rest, out var offset) || !rest.IsEmpty)
            return false;

        if (
            year < 1
            || month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth(year, month)
            || hour > 23
            || minute > 59
            || second > 59
        )
            return false;
        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + fraction - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        utc = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    private static bool Separator(ref ReadOnlySpan<byte> rest) =>
        Skip(ref rest, (byte)'T') || Skip(ref rest, (byte)' ') || Skip(ref rest, (byte)'t');

    private static bool Skip(ref ReadOnlySpan<byte> rest, byte expected)
    {
        if (rest.IsEmpty || rest[0] != expected)
            return false;
        rest = rest[1..];
        return true;
    }

    private static bool Number(ref ReadOnlySpan<byte> rest, int digits, out int value)
    {
        value = 0;
        if (rest.Length < digits)
            return false;
        foreach (var digit in rest[..digits])
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            value = value * 10 + (digit - '0');
        }
        rest = rest[digits..];
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (!Skip(ref rest, (byte)'.') && !Skip(ref rest, (byte)','))
            return true;
        var weight = TimeSpan.TicksPerSecond / 10;
        var digits = 0;
        for (; digits < rest.Length && char.IsAsciiDigit((char)rest[digits]); digits++, weight /= 10)
            ticks += (rest[digits] - '0') * weight;
        rest = rest[digits..];
        return digits > 0;
    }

    private static bool Offset(ref ReadOnlySpan<byte> rest, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (rest.IsEmpty || Skip(ref rest, (byte)'Z') || Skip(ref rest, (byte)'z'))
            return true;
        var negative = rest[0] == '-';
        if (!negative && rest[0] != '+')
            return false;
        rest = rest[1..];
        if (!Number(ref rest, 2, out var hours))
            return false;
        var minutes = 0;
        if (!rest.IsEmpty)
        {
            Skip(ref rest, (byte)':');
            if (!Number(ref rest, 2, out minutes))
                return false;
        }
        offset = new TimeSpan(hours, minutes, 0) * (negative ? -1 : 1);
        return hours <= 23 && minutes <= 59;
    }
}
