using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace ServiceDefaults;

/// <summary>Which query parameters an endpoint knows. One that it does not know is refused with 400.</summary>
public static class QueryParameters
{
    /// <summary>Names query parameters that the handler reads from the request by itself; those it has as parameters are known already.</summary>
    public static T AcceptsQuery<T>(this T route, params string[] names)
        where T : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(new KnownMetadata(names)));
        return route;
    }

    /// <summary>Lets any query parameter pass, for pages and files.</summary>
    public static T AcceptsAnyQuery<T>(this T route)
        where T : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(AnyMetadata.Instance));
        return route;
    }

    private sealed record KnownMetadata(string[] Names);

    private sealed class AnyMetadata
    {
        public static readonly AnyMetadata Instance = new();
    }

    /// <summary>Refuses requests with unknown query parameters, naming them.</summary>
    internal sealed class Middleware(RequestDelegate next)
    {
        private readonly ConcurrentDictionary<Endpoint, FrozenSet<string>?> _known = new();

        public Task InvokeAsync(HttpContext context)
        {
            if (!context.Request.QueryString.HasValue || context.GetEndpoint() is not { } endpoint)
                return next(context);
            if (_known.GetOrAdd(endpoint, KnownBy) is not { } known)
                return next(context);
            var unknown = context.Request.Query.Keys.Where(key => !known.Contains(key)).ToList();
            return unknown.Count switch
            {
                0 => next(context),
                1 => ProblemDocument.WriteAsync(context, StatusCodes.Status400BadRequest, $"Unknown query parameter: {unknown[0]}."),
                _ => ProblemDocument.WriteAsync(
                    context,
                    StatusCodes.Status400BadRequest,
                    $"Unknown query parameters: {string.Join(", ", unknown)}."
                ),
            };
        }

        private static FrozenSet<string>? KnownBy(Endpoint endpoint)
        {
            if (endpoint.Metadata.GetMetadata<AnyMetadata>() is not null)
                return null;
            // Parameters that are services or the body have names too; they only ever make the list longer.
            var bound = endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Where(IsQuery).Select(NameOf);
            var named = endpoint.Metadata.GetOrderedMetadata<KnownMetadata>().SelectMany(metadata => metadata.Names);
            return bound.Concat(named).ToFrozenSet(StringComparer.Ordinal);
        }

        private static bool IsQuery(IParameterBindingMetadata parameter)
        {
            var attributes = parameter.ParameterInfo.GetCustomAttributes(inherit: false);
            if (attributes.Any(attribute => attribute is IFromQueryMetadata))
                return true;
            return attributes.All(attribute =>
                    attribute is not (IFromHeaderMetadata or IFromRouteMetadata or IFromBodyMetadata or IFromServiceMetadata)
                ) && (parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string));
        }

        private static string NameOf(IParameterBindingMetadata parameter) =>
            parameter.ParameterInfo.GetCustomAttributes(inherit: false).OfType<IFromQueryMetadata>().FirstOrDefault()?.Name
            ?? parameter.Name;
    }
}
