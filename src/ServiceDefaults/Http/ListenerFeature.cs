using Microsoft.AspNetCore.Http;

namespace ServiceDefaults;

/// <summary>On every connection: the listener that accepted it.</summary>
internal sealed record ListenerFeature(ServiceListener Listener)
{
    /// <summary>The listener a request came in at; the main one where there is no connection, as in tests.</summary>
    public static ServiceListener Of(HttpContext context, ServiceIdentity service) =>
        context.Features.Get<ListenerFeature>()?.Listener ?? service.Listeners[0];
}
