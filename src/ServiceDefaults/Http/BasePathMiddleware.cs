using Microsoft.AspNetCore.Http;

namespace ServiceDefaults;

/// <summary>
/// Takes the listener's base path off, so that every route answers with it and without it. A path that is nothing but the base path stays
/// as it is: a route may have the same name (<c>/check/check</c> is also <c>/check</c>).
/// </summary>
internal sealed class BasePathMiddleware(RequestDelegate next, ServiceIdentity service)
{
    public Task InvokeAsync(HttpContext context)
    {
        var listener = context.Features.Get<ListenerFeature>()?.Listener ?? service.Listeners[0];
        if (
            context.Request.Path.StartsWithSegments(listener.BasePath, StringComparison.OrdinalIgnoreCase, out var matched, out var rest)
            && rest.Value is { Length: > 1 }
        )
        {
            context.Request.PathBase = context.Request.PathBase.Add(matched);
            context.Request.Path = rest;
        }
        return next(context);
    }
}
