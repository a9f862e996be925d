using Contracts;
using ServiceDefaults;

namespace Storage.Reading;

/// <summary>Reads the timestamps of query parameters.</summary>
internal static class TimestampText
{
    // A column of the product holds no earlier time, and not every server compares with one.
    private static readonly DateTime Earliest = DateTime.UnixEpoch;

    /// <summary>
    /// The instant in UTC, rounded up to the column's microseconds: that keeps both "at or after" and "before" exact. Null when the
    /// parameter is absent.
    /// </summary>
    /// <exception cref="ProblemException">400: it is no timestamp.</exception>
    public static DateTime? Read(string name, string? text)
    {
        if (text is null)
            return null;
        if (!Iso8601.TryParse(text, out var utc) && !Iso8601.TryParse(WithPlus(text), out utc))
            throw new ProblemException(
                StatusCodes.Status400BadRequest,
                $"The parameter {name} is '{text}'; it must be a date and time such as 2025-01-07 12:47:00 or 2025-01-07T12:47:00.5Z."
            );
        if (utc < Earliest)
            return Earliest;
        var excess = utc.Ticks % TimeSpan.TicksPerMicrosecond;
        return excess == 0 ? utc : utc.AddTicks(TimeSpan.TicksPerMicrosecond - excess);
    }

    // In a query string a + that was not encoded means a space, so an offset of +02:00 arrives as " 02:00".
    private static string WithPlus(string text)
    {
        const int EndOfMinutes = 16;
        var space = text.LastIndexOf(' ');
        return space < EndOfMinutes ? text : $"{text.AsSpan(0, space)}+{text.AsSpan(space + 1)}";
    }
}
