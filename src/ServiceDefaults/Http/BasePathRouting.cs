using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace ServiceDefaults;

/// <summary>Routes of a service that has a name in each system's contract: what answers below one need not answer below the other.</summary>
public static class BasePathRouting
{
    /// <summary>The path without any base path.</summary>
    public const string None = "";

    /// <summary>Serves the route only below the given base paths; <see cref="None"/> among them is the short form.</summary>
    public static T UnderBasePath<T>(this T route, params string[] basePaths)
        where T : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(new UnderBasePathMetadata(basePaths)));
        return route;
    }

    private sealed record UnderBasePathMetadata(string[] BasePaths);

    /// <summary>Takes routes of other base paths out of the candidates.</summary>
    internal sealed class Policy : MatcherPolicy, IEndpointSelectorPolicy
    {
        // Before the method and content type policies, so that a route of another base path never makes a 405 or 415 here.
        public override int Order => -1990;

        public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
            endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<UnderBasePathMetadata>() is not null);

        public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
        {
            var current = httpContext.Request.PathBase.Value ?? "";
            for (var i = 0; i < candidates.Count; i++)
            {
                if (candidates.IsValidCandidate(i) && candidates[i].Endpoint.Metadata.GetMetadata<UnderBasePathMetadata>() is { } only)
                    candidates.SetValidity(i, only.BasePaths.Contains(current, StringComparer.OrdinalIgnoreCase));
            }
            return Task.CompletedTask;
        }
    }
}
