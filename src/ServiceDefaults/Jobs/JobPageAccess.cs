using System.Net;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults;

/// <summary>Who sees the page of the jobs and may press its buttons.</summary>
internal sealed class JobPageAccess(bool remote) : IDashboardAuthorizationFilter
{
    public bool Authorize(DashboardContext context)
    {
        var request = context.GetHttpContext().Request;
        return (remote || IsLocal(request)) && (HttpMethods.IsGet(request.Method) || IsOfThisPage(request));
    }

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
