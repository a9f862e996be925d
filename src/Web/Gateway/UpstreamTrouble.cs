using ServiceDefaults;
using Web.Pages;
using Yarp.ReverseProxy.Forwarder;

namespace Web.Gateway;

/// <summary>
/// Answers for a service that cannot: 503 when it was not reached (nothing was sent, so trying again is safe), 502 when it broke off
/// before a reply (what became of the request is not known), 504 when it says nothing. A browser that opens a page gets a page.
/// </summary>
internal sealed class UpstreamTrouble(RequestDelegate next, DashboardFiles files, ILogger<UpstreamTrouble> logger)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;
        if (context.Features.Get<IForwarderErrorFeature>() is not { } trouble)
            return;
        var service = UpstreamPort.ServiceOf(context);
        if (Judge(trouble, service) is not var (status, detail))
            return;
        logger.NotReached(service, context.Request.Method, context.Request.Path, trouble.Exception?.Message ?? $"{trouble.Error}");
        context.Response.Clear();
        context.Response.SetRetryAfter(Again);
        await (
            files.ErrorPage is { } page && WantsPage(context.Request)
                ? page.WriteAsync(context, status)
                : Replies.Problem(status, detail).ExecuteAsync(context)
        );
    }

    private static (int Status, string Detail)? Judge(IForwarderErrorFeature trouble, string service) =>
        trouble.Error switch
        {
            // The request itself was wrong or was taken back: YARP's own status stands.
            ForwarderError.RequestBodyClient or ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled => null,
            ForwarderError.RequestTimedOut => (
                StatusCodes.Status504GatewayTimeout,
                $"The service {service} does not answer; what became of the request is not known."
            ),
            ForwarderError.Request
                when trouble.Exception
                    is HttpRequestException
                    {
                        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    } => (
                StatusCodes.Status503ServiceUnavailable,
                $"The service {service} cannot be reached just now; nothing was sent to it."
            ),
            ForwarderError.NoAvailableDestinations => (
                StatusCodes.Status503ServiceUnavailable,
                $"The service {service} cannot be reached just now; nothing was sent to it."
            ),
            _ => (
                StatusCodes.Status502BadGateway,
                $"The service {service} broke the connection off; what became of the request is not known."
            ),
        };

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
