using Microsoft.AspNetCore.Http;

namespace ServiceDefaults;

/// <summary>The error replies of every endpoint.</summary>
public static class Replies
{
    /// <summary>A problem document with the keys <c>type</c>, <c>title</c>, <c>detail</c> and <c>status</c>, for a request that is wrong or a fault of ours.</summary>
    public static IResult Problem(int status, string detail, TimeSpan? retryAfter = null) =>
        new ErrorReply(status, detail, IsProblem: true, retryAfter);

    /// <summary><c>{"message": ...}</c>, for an answer that belongs to the domain: nothing at an index, not sent, not run yet.</summary>
    public static IResult Message(int status, string message, TimeSpan? retryAfter = null) =>
        new ErrorReply(status, message, IsProblem: false, retryAfter);

    private sealed record ErrorReply(int Status, string Text, bool IsProblem, TimeSpan? RetryAfter) : IResult, IStatusCodeHttpResult
    {
        int? IStatusCodeHttpResult.StatusCode => Status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (RetryAfter is { } wait)
                httpContext.Response.SetRetryAfter(wait);
            return IsProblem
                ? ProblemDocument.WriteAsync(httpContext, Status, Text)
                : ProblemDocument.WriteMessageAsync(httpContext, Status, Text);
        }
    }

    /// <summary>Says when to try again, in whole seconds, at least one.</summary>
    public static void SetRetryAfter(this HttpResponse response, TimeSpan wait)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
