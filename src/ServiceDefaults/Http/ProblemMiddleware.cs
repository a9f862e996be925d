using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace ServiceDefaults;

/// <summary>Gives every error without a body its problem document, and turns exceptions into replies.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    private static readonly TimeSpan DatabaseRetry = TimeSpan.FromSeconds(2);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: there is nobody to answer.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception failure)
        {
            await AnswerAsync(context, failure);
            return;
        }
        if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
            await ProblemDocument.WriteAsync(context, context.Response.StatusCode, Describe(context));
    }

    private Task AnswerAsync(HttpContext context, Exception failure)
    {
        var (status, detail, retryAfter) = failure switch
        {
            ProblemException problem => (problem.Status, problem.Message, problem.RetryAfter),
            BadHttpRequestException bad => (bad.StatusCode, DescribeBad(bad), null),
            _ when IsDatabaseAway(failure) => (
                StatusCodes.Status503ServiceUnavailable,
                "The database cannot be used just now; try again.",
                DatabaseRetry
            ),
            _ => (StatusCodes.Status500InternalServerError, "The service failed; its log says why.", (TimeSpan?)null),
        };
        if (status == StatusCodes.Status500InternalServerError)
            logger.RequestFailed(failure, context.Request.Method, context.Request.Path);
        else if (status == StatusCodes.Status503ServiceUnavailable)
            logger.RequestNotServed(context.Request.Method, context.Request.Path, failure.Message);
        if (context.Response.HasStarted)
        {
            // Half a reply is out. Cutting the connection is the only way left to say that it is not whole.
            context.Abort();
            return Task.CompletedTask;
        }
        context.Response.Clear();
        if (retryAfter is { } wait)
            context.Response.SetRetryAfter(wait);
        return ProblemDocument.WriteAsync(context, status, detail);
    }

    // Whatever the database says is its own trouble, but for what it says of a statement that we got wrong.
    private static bool IsDatabaseAway(Exception failure)
    {
        for (var current = failure; current is not null; current = current.InnerException)
        {
            if (current is MySqlException error)
                return error.SqlState?.StartsWith("42", StringComparison.Ordinal) != true
                    || error.ErrorCode is MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownDatabase;
        }
        return false;
    }

    private static string DescribeBad(BadHttpRequestException bad)
    {
        if (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
            return "The request body is too large.";
        // The framework names the parameter's type in C#, which tells a client nothing.
        var unreadable = UnreadableParameter().Match(bad.Message);
        return unreadable.Success
            ? $"The parameter {unreadable.Groups[1].Value} cannot be read from '{unreadable.Groups[2].Value}'."
            : bad.Message;
    }

    [GeneratedRegex("""^Failed to bind parameter "\S+ (\w+)" from "(.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex UnreadableParameter();

    private static string Describe(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {context.Request.PathBase}{context.Request.Path}.",
            StatusCodes.Status405MethodNotAllowed =>
                $"{context.Request.Method} is not possible at {context.Request.PathBase}{context.Request.Path}; Allow names what is.",
            StatusCodes.Status413PayloadTooLarge => "The request body is too large.",
            StatusCodes.Status415UnsupportedMediaType => $"The content type '{context.Request.ContentType}' is not accepted here.",
            var status => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) + ".",
        };
}
