using Microsoft.AspNetCore.Http;

namespace ServiceDefaults;

/// <summary>
/// Takes the listener's base path off, or with Runify on that system's name for the service, so that every route answers with it and without
/// it. A path that is nothing but the base path stays as it is: a route may have the same name (<c>/check/check</c> is also <c>/check</c>).
/// </summary>
internal sealed class BasePathMiddleware(RequestDelegate next, ServiceIdentity service, EnabledSystems systems)
{
    private readonly string? _runify = systems.Runify ? service.RunifyBasePath : null;

    public Task InvokeAsync(HttpContext context)
    {
        var listener = ListenerFeature.Of(context, service);
        if (!TryTake(context.Request, listener.BasePath) && _runify is not null)
            TryTake(context.Request, _runify);
        return next(context);
    }

    private static bool TryTake(HttpRequest request, string basePath)
    {
        if (
            !request.Path.StartsWithSegments(basePath, StringComparison.OrdinalIgnoreCase, out var matched, out var rest)
            || rest.Value is not { Length: > 1 }
        )
            return false;
        request.PathBase = request.PathBase.Add(matched);
        request.Path = rest;
        return true;
    }
}
