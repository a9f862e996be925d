using ServiceDefaults;

namespace Storage.Reading;

/// <summary>What somebody wants of a list.</summary>
/// <param name="Start">Rows stored at or after this; null for all.</param>
/// <param name="End">Rows stored before this; null for now.</param>
/// <param name="Limit">The most rows; null for all.</param>
/// <param name="After">Where an earlier page ended; takes the place of the start.</param>
internal sealed record ListRequest(DateTime? Start, DateTime? End, int? Limit, ListCursor? After)
{
    /// <summary>The same of a list that is only given out between two times, also page by page.</summary>
    /// <exception cref="ProblemException">400: a time is missing, or a parameter cannot be read.</exception>
    public static ListRequest ReadWindow(string? start, string? end, int? limit, string? after)
    {
        foreach (var (name, text) in new[] { ("start_timestamp", start), ("end_timestamp", end) })
        {
            if (text is null)
                throw new ProblemException(StatusCodes.Status400BadRequest, $"Missing query parameter '{name}'.");
        }
        return Read(start, end, limit, after);
    }

    /// <exception cref="ProblemException">400: a parameter cannot be read.</exception>
    public static ListRequest Read(string? start, string? end, int? limit, string? after)
    {
        Paging.CheckLimit(limit);
        ListCursor? cursor = null;
        if (after is not null && !ListCursor.TryParse(after, out cursor))
            throw new ProblemException(
                StatusCodes.Status400BadRequest,
                $"The parameter after is not a cursor; it must be what {Paging.NextAfterHeader} of an earlier page said."
            );
        return new ListRequest(TimestampText.Read("start_timestamp", start), TimestampText.Read("end_timestamp", end), limit, cursor);
    }
}
