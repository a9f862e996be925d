using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace ServiceDefaults;

/// <summary>Routes that exist on one listener only.</summary>
public static class ListenerRouting
{
    /// <summary>
    /// Serves the route only to requests that came in through the named listener. Two routes of the same path and method may so
    /// answer differently on different ports. What counts is the port of the connection, not what a client or a gateway says in <c>Host</c>.
    /// </summary>
    public static T OnListener<T>(this T route, string listener)
        where T : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(new OnListenerMetadata(listener)));
        return route;
    }

    /// <summary>The systems whose replies a request gets: Runify alone at that system's own port, else those that are on.</summary>
    public static EnabledSystems At(this EnabledSystems systems, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(systems);
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<ListenerFeature>()?.Listener.Name == ServiceListener.Runify ? EnabledSystems.RunifyAlone : systems;
    }

    internal sealed record OnListenerMetadata(string Listener);

    /// <summary>Takes routes of other listeners out of the candidates.</summary>
    internal sealed class Policy(ServiceIdentity service) : MatcherPolicy, IEndpointSelectorPolicy
    {
        // Before the method and content type policies, so that another listener's route never makes a 405 or 415 here.
        public override int Order => -2000;

        public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
            endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<OnListenerMetadata>() is not null);

        public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
        {
            var current = ListenerFeature.Of(httpContext, service).Name;
            for (var i = 0; i < candidates.Count; i++)
            {
                if (candidates.IsValidCandidate(i) && candidates[i].Endpoint.Metadata.GetMetadata<OnListenerMetadata>() is { } only)
                    candidates.SetValidity(i, only.Listener == current);
            }
            return Task.CompletedTask;
        }
    }
}
