using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults;

/// <summary>
/// Who sees the page of the jobs and may press its buttons: whoever sits at this machine, and who gives the password; others at most see it.
/// </summary>
internal sealed class JobPageAccess(bool remote, string? password) : IDashboardAuthorizationFilter
{
    private const string Challenge = "Basic realm=\"Jobs\", charset=\"UTF-8\"";

    public bool Authorize(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (remote || MayUse(http.Request))
            return HttpMethods.IsGet(http.Request.Method) || IsOfThisPage(http.Request);
        if (password is not null)
            http.Response.Headers.WWWAuthenticate = Challenge;
        return false;
    }

    /// <summary>Without its buttons, and without what they do.</summary>
    public bool IsReadOnly(DashboardContext context) => !MayUse(context.GetHttpContext().Request);

    private bool MayUse(HttpRequest request) => IsLocal(request) || HasPassword(request);

    private bool HasPassword(HttpRequest request)
    {
        if (
            password is null
            || !AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var given)
            || !given.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            || given.Parameter is null
        )
            return false;
        var bytes = new byte[given.Parameter.Length];
        if (!Convert.TryFromBase64String(given.Parameter, bytes, out var length))
            return false;
        // Any name; a password may have colons. By digests, so that the time it takes tells nothing.
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            && CryptographicOperations.FixedTimeEquals(Digest(text[(colon + 1)..]), Digest(password));
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    // Behind a gateway on this machine every connection is local; whom it serves stands in the header it adds.
    private static bool IsLocal(HttpRequest request) =>
        IsLoopback(request.HttpContext.Connection.RemoteIpAddress)
        && request
            .Headers["X-Forwarded-For"]
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))
            .All(address => IPAddress.TryParse(address, out var parsed) && IsLoopback(parsed));

    private static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    // A button is pressed on the page itself, never by a page of somebody else that the browser also has open.
    private static bool IsOfThisPage(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "same-origin"
        || request.Headers.Origin.ToString() is { Length: > 0 } origin
            && Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && from.Authority == (request.Headers["X-Forwarded-Host"].FirstOrDefault() ?? request.Host.Value);
}
