using Microsoft.AspNetCore.Http;

namespace ServiceDefaults;

/// <summary>The rules of lists that are given out page by page.</summary>
public static class Paging
{
    /// <summary>The most rows of a page.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>The rows of a page when only a cursor was given.</summary>
    public const int DefaultLimit = 1_000;

    /// <summary>The header that says what to give as <c>after</c> for the next page.</summary>
    public const string NextAfterHeader = "X-Next-After";

    /// <summary>Checks the parameter <c>limit</c>.</summary>
    /// <exception cref="ProblemException">400: it is not from 1 to <see cref="MaxLimit"/>.</exception>
    public static void CheckLimit(int? limit)
    {
        if (limit is < 1 or > MaxLimit)
            throw new ProblemException(
                StatusCodes.Status400BadRequest,
                $"The parameter limit is {limit}; it must be from 1 to {MaxLimit}."
            );
    }
}
