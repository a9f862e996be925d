using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Web.Pages;

/// <summary>One file of the dashboard, held in memory, plain and compressed.</summary>
internal sealed class DashboardFile
{
    // Everything the page needs comes from here, and nothing in it is allowed to be code but its own files.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private readonly byte[] _plain;
    private readonly byte[] _compressed;
    private readonly string _contentType;
    private readonly string _caching;
    private readonly string _tag;

    public DashboardFile(string name, byte[] content)
    {
        _plain = content;
        _compressed = Compress(content);
        var type = ContentTypes.TryGetContentType(name, out var known) ? known : "application/octet-stream";
        _contentType =
            type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("xml", StringComparison.Ordinal)
                ? $"{type}; charset=utf-8"
                : type;
        // The build puts a hash of the content into the names below assets/: those never change.
        _caching = name.StartsWith("assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";
    }

    /// <summary>How many bytes travel to a browser.</summary>
    public int CompressedLength => _compressed.Length;

    public Task WriteAsync(HttpContext context, int status = StatusCodes.Status200OK)
    {
        var (request, response) = (context.Request, context.Response);
        var headers = response.Headers;
        headers.ETag = _tag;
        headers.CacheControl = _caching;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        if (status == StatusCodes.Status200OK && IsKnown(request.Headers.IfNoneMatch))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        var body = _plain;
        if (AcceptsGzip(request))
        {
            headers.ContentEncoding = "gzip";
            body = _compressed;
        }
        response.StatusCode = status;
        response.ContentType = _contentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private bool IsKnown(StringValues tags) => tags.ToString().Contains(_tag, StringComparison.Ordinal);

    private static bool AcceptsGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "gzip" && encoding.Quality is not 0);

    private static byte[] Compress(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.SmallestSize))
            gzip.Write(content);
        return target.ToArray();
    }
}
