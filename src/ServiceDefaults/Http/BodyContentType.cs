using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ServiceDefaults;

/// <summary>Which content type an endpoint's request body must have.</summary>
public static class BodyContentType
{
    /// <summary>
    /// The body is JSON: <c>application/json</c>, with any parameters, or no content type at all; anything else is answered 415.
    /// The handler reads the body by itself.
    /// </summary>
    public static T AcceptsJson<T>(this T route)
        where T : IEndpointConventionBuilder => route.AcceptsBody("application/json", mayBeAbsent: true);

    /// <summary>The body has the content type <paramref name="mediaType"/>; anything else is answered 415.</summary>
    public static T AcceptsBody<T>(this T route, string mediaType, bool mayBeAbsent)
        where T : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(new BodyMetadata(mediaType, mayBeAbsent)));
        return route;
    }

    private sealed record BodyMetadata(string MediaType, bool MayBeAbsent);

    /// <summary>Answers 415 where the content type is not the endpoint's.</summary>
    internal sealed class Middleware(RequestDelegate next)
    {
        public Task InvokeAsync(HttpContext context)
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<BodyMetadata>() is not { } body || Fits(body, context.Request.ContentType))
                return next(context);
            return ProblemDocument.WriteAsync(
                context,
                StatusCodes.Status415UnsupportedMediaType,
                $"The content type is '{context.Request.ContentType}'; it must be {body.MediaType}."
            );
        }

        private static bool Fits(BodyMetadata body, string? contentType)
        {
            if (string.IsNullOrEmpty(contentType))
                return body.MayBeAbsent;
            // The plain case first: it is that of nearly every request.
            return contentType.Equals(body.MediaType, StringComparison.OrdinalIgnoreCase)
                || MediaTypeHeaderValue.TryParse(contentType, out var parsed)
                    && parsed.MediaType.Equals(body.MediaType, StringComparison.OrdinalIgnoreCase);
        }
    }
}
