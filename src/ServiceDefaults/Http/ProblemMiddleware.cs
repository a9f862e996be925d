using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace ServiceDefaults;

/// <summary>Gives every error without a body its problem document, and turns exceptions into replies.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
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
            MySqlException { IsTransient: true } or MySqlException { ErrorCode: MySqlErrorCode.UnableToConnectToHost } => (
                StatusCodes.Status503ServiceUnavailable,
                "The database cannot be reached; try again.",
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

    private static string DescribeBad(BadHttpRequestException bad) =>
        bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The request body is too large." : bad.Message;

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
