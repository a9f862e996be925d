using ServiceDefaults;

namespace Web.Gateway;

/// <summary>Keeps what is not for outside from being passed on.</summary>
internal sealed class ClosedRoutes(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, $"{context.Request.PathBase}{context.Request.Path}");
        // At a service's own port the prefix may be left out.
        var judged = UpstreamPort.Of(context) is { } port ? $"/{port.Upstream.Prefix}{path}" : path;
        return ClosedPaths.Refuse(method, judged) switch
        {
            null => next(context),
            StatusCodes.Status403Forbidden => Replies
                .Problem(StatusCodes.Status403Forbidden, $"{method} is not possible at {path} from outside: events come in at /receiver.")
                .ExecuteAsync(context),
            var status => Replies.Problem(status.Value, $"There is nothing at {path}.").ExecuteAsync(context),
        };
    }
}
